import type { Services } from '../src/kernel/call.ts';
import type { Evidence } from '../src/kernel/service.ts';

const KINDS: readonly Evidence[] = ['recorded', 'documented', 'guessed'];

/** The actions of all services, as README.md shows them between its two marks. */
export function actionTable(services: Services): string {
  const rows = Object.values(services)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, actions }) =>
      KINDS.map((evidence) => {
        const names = Object.keys(actions).filter((name) => actions[name]?.evidence === evidence);
        return names.length === 0 ? '' : `| \`${id}\` | ${evidence} | ${names.sort().join(', ')} |`;
      }),
    );
  return ['| service | evidence | actions |', '| --- | --- | --- |', ...rows.filter((row) => row !== '')].join('\n');
}

const PART = /(<!-- actions -->)[\s\S]*?(<!-- end of actions -->)/;

/** The README with its table written anew. @throws where it has lost its marks */
export function withActionTable(readme: string, table: string): string {
  if (!PART.test(readme)) throw new Error('README.md lacks <!-- actions --> or <!-- end of actions -->');
  return readme.replace(PART, (_part, before: string, after: string) => `${before}\n\n${table}\n\n${after}`);
}
