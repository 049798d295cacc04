import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

function baton(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/baton/bin/baton.js', ...argv], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: root, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

test('every folder under examples/ is listed, with one line', () => {
  const { status, stdout } = baton('examples');
  for (const name of readdirSync(`${root}/examples`)) expect(stdout).toMatch(new RegExp(`^${name} +\\S.+\\.$`, 'm'));
  expect(status).toBe(0);
});

test('an example with queues and functions runs, and its timeline holds no token', () => {
  const { status, stdout } = baton('run', 'examples/callback-notify');
  expect(stdout).toMatch(
    /message sent +to callback-notify-orders[\s\S]*message received[\s\S]*SendTaskSuccess[\s\S]*notice published[\s\S]*SUCCEEDED/,
  );
  expect(stdout).not.toMatch(/AQC.AAAAKg/);
  expect(status).toBe(0);
});

test('a picture is Mermaid', () => {
  expect(baton('picture', 'examples/ec2-job').stdout).toMatch(/^stateDiagram-v2\n {2}\[\*\] --> RunJob\n/);
});
