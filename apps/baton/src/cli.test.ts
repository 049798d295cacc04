import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bin = fileURLToPath(new URL('../bin/baton.js', import.meta.url));

function baton(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: root, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

const inputFile = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'input-')), 'input.json');
  writeFileSync(file, text);
  return file;
};

test.each([
  ['an unknown command', ['rnu'], 64, "unknown command 'rnu'"],
  ['an example that is not there', ['run', 'examples/none'], 66, 'there is no folder or example examples/none'],
  [
    'an input that is not there',
    ['run', 'examples/ec2-job', '--input', 'none.json'],
    66,
    'there is no input file none.json',
  ],
  ['an input that is not JSON', ['run', 'examples/ec2-job', '--input', inputFile('{"a":')], 65, 'is not JSON'],
  [
    'an input that is no object',
    ['run', 'examples/ec2-job', '--input', inputFile('[1]')],
    65,
    'must hold a JSON object',
  ],
  ['an empty command', ['run', 'examples/ec2-job', '--command', ' '], 64, '--command is empty'],
  ['a folder that is not there', ['run', 'examples/ec2-job', '--folder', 'none'], 66, 'there is no folder none'],
  ['IAM by halves', ['run', 'examples/ec2-job', '--iam', 'half'], 64, 'Allowed choices are on, off'],
  ['a seed that is none', ['local', '--bare', '--unkind=often'], 64, '--unkind "often" is not a whole number'],
  ['a failure of a job that knows none', ['run', 'queue-worker', '--fail'], 64, '--fail is for the example ec2-job'],
  ['a failure of a command of one’s own', ['run', 'ec2-job', '--fail', '--command', 'x'], 64, 'exclude each other'],
  ['the loss of a host where there is none', ['run', 'webhook', '--lose-host'], 64, 'for workflows with hosts'],
  ['workflows on a bare AWS', ['local', 'examples/webhook', '--bare'], 64, '--bare has no workflows'],
  ['a port that is none', ['local', '--port', '99999'], 64, '"99999" is not a port'],
])('%s is named, with the exit status of its kind', (_what, argv, status, message) => {
  const result = baton(...argv);
  expect(result.stderr).toContain(message);
  expect(result.status).toBe(status);
});

test('a machine without Terraform is told so in one sentence', () => {
  const { status, stderr } = spawnSync(process.execPath, [bin, 'run', 'ec2-job', '--terraform'], {
    cwd: root,
    encoding: 'utf8',
    env: { INIT_CWD: root, NO_COLOR: '1', PATH: '/nowhere' },
  });
  expect(stderr).toContain('terraform is not on PATH: install Terraform');
  expect(status).toBe(69);
});

const exampleWith = (change: (definition: string) => string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  cpSync(join(root, 'examples/ec2-job'), folder, { recursive: true });
  const file = join(folder, 'workflow.asl.json');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return folder;
};

test.each([
  [
    'a dangling Next',
    (text: string) => text.replace('"End": true', '"Next": "Nowhere"'),
    "RunJob: Missing 'Next' target: Nowhere",
  ],
  [
    'a waiting state that never passes its token',
    (text: string) => text.replace('"taskToken.$": "$$.Task.Token",', ''),
    'RunJob: waits for a task token and passes it to nobody',
  ],
  ['a definition that is not JSON', (text: string) => text.slice(0, 100), 'not JSON'],
])('%s is refused by place and name, before anything runs', (_what, change, message) => {
  const result = baton('run', exampleWith(change));
  expect(result.stderr).toContain(message);
  expect(result.stderr).toMatch(/workflow\.asl\.json:\d+:\d+/);
  expect(result.stdout).toBe('');
  expect(result.status).toBe(65);
});

test('what an example needs is named where it is none', () => {
  const folder = exampleWith((text) => text);
  writeFileSync(join(folder, 'local.json'), '{"hosts": 3}');
  const result = baton('run', folder);
  expect(result.stderr).toContain(`${folder}/local.json: hosts: Invalid input: expected array, received number`);
  expect(result.status).toBe(66);
});

test('a folder without a workflow is named', () => {
  const result = baton('run', mkdtempSync(join(tmpdir(), 'empty-')));
  expect(result.stderr).toContain('has no workflow.asl.json');
  expect(result.status).toBe(66);
});

test.each([
  ['20.20.2', 69],
  ['22.17.1', 69],
  ['22.18.0', 0],
])('on Node %s the status is %i: one that cannot read the sources is named, with what to do', (version, status) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const result = spawnSync(process.execPath, ['--import', `data:text/javascript,${pretend}`, bin, '--help'], {
    encoding: 'utf8',
  });
  expect(result.status).toBe(status);
  if (status !== 0) expect(result.stderr).toContain(`Node ${version} is too old: Baton needs Node 22.18 or newer`);
});

test('an example is found from any folder', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  const result = spawnSync(process.execPath, [bin, 'run', 'examples/ec2-job', '--command', 'pwd >&2; echo {}'], {
    cwd: elsewhere,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: elsewhere },
  });
  expect(result.stdout).toContain('SUCCEEDED');
  expect(result.status).toBe(0);
});

test('a port in use is named', async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, '127.0.0.1', resolve));
  const { port } = occupant.address() as AddressInfo;
  const result = baton('local', '--bare', '--port', String(port));
  occupant.close();
  expect(result.stderr).toContain(`Port ${port} is in use`);
  expect(result.status).toBe(69);
});

test('a command of the user runs in the user’s own folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'));
  writeFileSync(join(folder, 'count.sh'), '#!/bin/sh\nprintf \'{"folder": "%s", "words": %d}\\n\' "$PWD" $#\n', {
    mode: 0o755,
  });
  const result = baton('run', 'examples/ec2-job', '--folder', folder, '--command', './count.sh a "b c"');
  expect(result.stdout).toContain('SUCCEEDED');
  expect(result.stdout).toContain(`"folder": "${folder}"`);
  expect(result.stdout).toContain('"words": 2');
  expect(result.status).toBe(0);
});

test('a failed execution prints error and cause and exits 1', () => {
  const result = baton('run', 'examples/ec2-job', '--command', 'echo no space left >&2; exit 28');
  expect(result.stdout).toMatch(/FAILED[\s\S]*Baton\.JobFailed[\s\S]*code 28[\s\S]*no space left/);
  expect(result.status).toBe(1);
});

test('an instance that is not running is named', () => {
  const input = inputFile(JSON.stringify({ instanceId: 'i-0000000000000dead', command: ['true'] }));
  const result = baton('run', 'examples/ec2-job', '--input', input);
  expect(result.stdout).toMatch(/FAILED[\s\S]*Baton\.HostNotAvailable[\s\S]*i-0000000000000dead/);
  expect(result.status).toBe(1);
});

test('a run is a line of JSON for each thing that happens, with its result last; the input may be JSON itself', () => {
  const input = JSON.stringify({ instanceId: 'i-0ba70000000000001', command: ['echo', '{"rows": 3}'] });
  const { status, stdout } = baton('run', 'ec2-job', '--input', input, '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ title: 'execution started' });
  expect(lines.at(-1)).toMatchObject({ status: 'SUCCEEDED', output: { rows: 3 } });
  expect(status).toBe(0);
});

test('the version is that of the package', () => {
  expect(baton('--version').stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
