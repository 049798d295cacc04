/** The GitHub Action and the pre-commit hooks do in another team's folder what their own files say. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): unknown => parse(readFileSync(join(root, path), 'utf8'));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}
interface Step {
  readonly name: string;
  readonly if?: string;
  readonly shell: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}
interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly files: string;
}

const action = read('action.yml') as Action;
const hooks = read('.pre-commit-hooks.yaml') as readonly Hook[];
let workspace: string;

beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  cpSync(join(root, 'apps/baton/test/forms'), workspace, { recursive: true });
});
afterEach(() => rmSync(workspace, { recursive: true }));

/** Runs the steps as a runner does, with these inputs, until one fails. */
function runAction(given: Readonly<Record<string, string>>): { readonly status: number | null; readonly out: string } {
  const inputs = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, each]) => [name, each.default])),
    ...given,
  };
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name: string) => inputs[name] ?? '');
  let out = '';
  for (const step of action.runs.steps) {
    const [, name, other] = /^inputs\.([\w-]+) != '(.*)'$/.exec(step.if ?? '') ?? [];
    if (name !== undefined && inputs[name] === other) continue;
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, filled(value)]));
    const runner = {
      PATH: process.env['PATH'],
      GITHUB_ACTION_PATH: root.replace(/\/$/, ''),
      GITHUB_ACTION_REPOSITORY: 'owner/baton',
      GITHUB_ACTION_REF: 'v1',
    };
    expect(step.shell).toBe('bash');
    const args = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run];
    const { status, stdout, stderr } = spawnSync('bash', args, {
      cwd: workspace,
      env: { ...runner, ...env },
      encoding: 'utf8',
    });
    out += stdout + stderr;
    if (status !== 0) return { status, out };
  }
  return { status: 0, out };
}

test('the action fails where there is an error, and says where', () => {
  const { status, out } = runAction({});
  expect(status).toBe(1);
  expect(out).toContain('heartbeat-not-shorter');
  expect(out).toMatch(/Read \d+ files: /);
});

test('it passes where there is none, in the paths that it is given', () => {
  expect(runAction({ paths: 'unknown terraform/notes.json'.split(' ')[0] ?? '' })).toMatchObject({ status: 0 });
});

test('it writes SARIF with the pages of its own release, also where it fails', () => {
  expect(runAction({ paths: 'sam cloudformation', sarif: 'baton.sarif' }).status).toBe(1);
  const { runs } = JSON.parse(readFileSync(join(workspace, 'baton.sarif'), 'utf8')) as {
    runs: {
      tool: { driver: { rules: { helpUri: string }[] } };
      results: { locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[];
    }[];
  };
  expect(runs[0]?.tool.driver.rules[0]?.helpUri).toBe(
    'https://github.com/owner/baton/blob/v1/docs/lint/no-time-limit.md',
  );
  const files = runs[0]?.results.map(({ locations }) => locations[0]?.physicalLocation.artifactLocation.uri);
  expect(new Set(files)).toEqual(
    new Set(['sam/object.yaml', 'sam/uri.asl.json', 'cloudformation/object.json', 'cloudformation/string.yaml']),
  );
});

test('the README tells the lines that use it', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, lines = ''] = /```yaml\n(- uses: actions\/checkout[\s\S]*?)```/.exec(readme) ?? [];
  const [, step] = parse(lines) as [unknown, { uses: string; with: Record<string, string> }];
  expect(step.uses).toMatch(/\/baton@v\d/);
  expect(Object.keys(step.with).every((name) => name in action.inputs)).toBe(true);
  expect(lines.trim().split('\n')).toHaveLength(4);
});

test.each(hooks)('the hook $id looks at what is committed', ({ entry, files }) => {
  const committed = readdirSync(workspace, { recursive: true, encoding: 'utf8' }).filter((path) =>
    new RegExp(files).test(path),
  );
  const [program = '', ...args] = entry.split(' ');
  const { status, stdout } = spawnSync(join(root, program), [...args, ...committed], {
    cwd: workspace,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(status).toBe(1);
  expect(stdout).toContain('heartbeat-not-shorter');
  expect(stdout).toContain('Skipped');
});
