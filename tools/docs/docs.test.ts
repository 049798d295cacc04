import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openApi } from './openapi.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const tracked = spawnSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .stdout.split('\n')
  .filter(Boolean);
const pages = globSync('docs/*.md', { cwd: root });

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? ''));
}

test('every link between pages leads somewhere', () => {
  const broken = tracked.flatMap((page) => {
    const text = read(page).replaceAll(/```[\s\S]*?```/g, '');
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    return links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
        if (!existsSync(file)) return true;
        return anchor !== undefined && !anchorsOf(file).includes(anchor);
      })
      .map((link) => `${page}: ${link}`);
  });
  expect(broken).toEqual([]);
});

test('docs/errors.md has every error that Baton sends, and no other', () => {
  const files = globSync('{apps/{dispatcher,completer,ec2-agent-notifier},libs/token-lib}/src/**/*.ts', {
    cwd: root,
  }).filter((file) => !/\.test\.ts$|\/testing\b/.test(file));
  const literal = files.flatMap((file) =>
    [...read(file).matchAll(/'Baton\.([A-Z]\w+)'/g)].map(([, name]) => name ?? ''),
  );
  const codes = /ERROR_CODES = \[([\s\S]*?)\] as const/.exec(read('libs/token-lib/src/wire/errors.ts'))?.[1] ?? '';
  const coded = [...codes.matchAll(/^ {2}'(\w+)'/gm)].map(([, name]) => name ?? '');
  const rows = [...read('docs/errors.md').matchAll(/^\| `Baton\.(\w+)`/gm)].map(([, name]) => name ?? '');
  expect(rows).toEqual([...new Set([...literal, ...coded])].toSorted());
});

test('docs/operate.md has every alarm of the platform', () => {
  const alarms = read('terraform/modules/platform/alarms.tf');
  const measured = [...alarms.matchAll(/^ {4}([\w-]+) = \{\n {6}(?:phrase|metric) /gm)].map(([, name]) => name ?? '');
  expect(measured.length).toBeGreaterThan(5);
  const page = read('docs/operate.md');
  expect(measured.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});

const commands = [...pages, 'README.md', 'apps/baton/README.md'].flatMap((page) =>
  [...read(page).matchAll(/^npx baton ([a-z]+)([^\n#]*)/gm)].map(
    ([, command = '', rest = '']) =>
      [page, command, [...rest.matchAll(/ (--[a-z-]+)/g)].map(([, option]) => option ?? '')] as const,
  ),
);

test.each([...new Set(commands.map(([, command]) => command))])(
  'what pages say of "baton %s" is what it takes',
  (command) => {
    const help = (...argv: string[]): string =>
      spawnSync(process.execPath, [join(root, 'apps/baton/bin/baton.js'), ...argv, '--help'], { encoding: 'utf8' })
        .stdout;
    const text = command === 'callbacks' ? help(command, 'list') + help(command, 'stop') : help(command);
    expect(text).toContain(`baton ${command}`);
    const options = commands.filter(([, name]) => name === command).flatMap(([, , named]) => named);
    expect(options.filter((option) => !text.includes(option))).toEqual([]);
  },
);

test('nobody is told to run a package that is not ours: outside of the clone, the command is the installed one', () => {
  const told = tracked.flatMap((page) =>
    [
      ...read(page).matchAll(
        /\b(npx(?: -y| --yes)? (?!baton\b|node\b|nx\b|vitest\b|eslint\b|prettier\b|playwright\b)\S+|npm (?:i|install)(?: -\S+)* [a-z@]\S*)/g,
      ),
    ].map(([command]) => `${page}: ${command}`),
  );
  expect(told).toEqual([]);
});

test('docs/openapi.json is made of the schemas that both sides read with; else: npm run docs:openapi', () => {
  expect(JSON.parse(read('docs/openapi.json'))).toEqual(JSON.parse(JSON.stringify(openApi)));
});

test('docs/openapi.json has every route that takes signed requests', () => {
  const routes = JSON.parse(read('terraform/modules/platform/wiring/routes.json')) as {
    route: string;
    authorization: string;
  }[];
  const signed = routes.filter(({ authorization }) => authorization === 'AWS_IAM').map(({ route }) => route);
  const paths = openApi['paths'] as Record<string, object>;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(described.toSorted()).toEqual(signed.toSorted());
});
