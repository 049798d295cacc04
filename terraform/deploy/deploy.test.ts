import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planPage } from './plan-page.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'baton-deploy-'));
});
afterEach(() => {
  rmSync(bin, { recursive: true, force: true });
  rmSync(at('dist/staging'), { recursive: true, force: true });
});

/** The program, with a terraform that writes down what it is asked for and whose plan ends with an exit code. */
function deploy(args: string[], planExits = 2) {
  const script = `#!/bin/sh
echo "$(basename "$PWD"): $*" >> ${bin}/asked
case "$1" in
  plan) for last; do :; done; touch "\${last#-out=}"; exit ${planExits} ;;
  show) echo "Plan: 1 to add, 0 to change, 0 to destroy." ;;
  apply) echo "Apply complete!" ;;
esac
`;
  writeFileSync(join(bin, 'terraform'), script, { mode: 0o755 });
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('main.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH, GITHUB_STEP_SUMMARY: join(bin, 'summary') },
  });
  return { status, stdout, stderr };
}
const asked = () => readFileSync(join(bin, 'asked'), 'utf8').trimEnd().split('\n');

test('a plan is made without a lock, kept, and shown in the summary', () => {
  expect(deploy(['plan', 'staging'])).toMatchObject({ status: 0 });
  expect(asked()).toEqual([
    'staging: init -input=false -no-color -backend-config=backend.hcl',
    `staging: plan -input=false -no-color -lock=false -detailed-exitcode -out=${at('dist/staging/plan')}`,
    `staging: show -no-color ${at('dist/staging/plan')}`,
  ]);
  const page = readFileSync(at('dist/staging/plan.md'), 'utf8');
  expect(page).toContain('### staging: Plan: 1 to add, 0 to change, 0 to destroy.');
  expect(readFileSync(join(bin, 'summary'), 'utf8')).toBe(page);
});

test('what is applied is the plan that was kept, and nothing is planned again', () => {
  deploy(['plan', 'staging']);
  rmSync(join(bin, 'asked'));
  expect(deploy(['apply', 'staging'])).toMatchObject({ status: 0 });
  expect(asked().map((line) => line.split(' ')[1])).toEqual(['init', 'apply']);
  expect(asked()[1]).toContain(at('dist/staging/plan'));
});

test('without a plan nothing is applied', () => {
  expect(deploy(['apply', 'staging'])).toMatchObject({
    status: 1,
    stderr: 'there is no plan of staging: npm run deploy:plan -- staging\n',
  });
});

test('drift fails, and its absence does not', () => {
  expect(deploy(['drift', 'staging'], 2)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('staging is not what main says') as string,
  });
  expect(deploy(['drift', 'staging'], 0)).toMatchObject({ status: 0, stdout: '### staging: nothing changes\n\n\n' });
});

test('a plan that Terraform refuses fails', () => {
  expect(deploy(['plan', 'staging'], 1)).toMatchObject({ status: 1, stderr: 'terraform plan failed:\n\n' });
});

test.each([[[]], [['plan']], [['destroy', 'dev']], [['plan', 'local']], [['toString', 'dev']]])(
  '%j is answered with the usage',
  (args) => {
    expect(deploy(args)).toMatchObject({ status: 1, stderr: 'usage: plan|apply|drift dev|prod|staging\n' });
  },
);

describe('the page of a plan', () => {
  test('cannot be broken out of by a fence in the plan', () => {
    expect(planPage('dev', true, 'a ```` b\n')).toContain('\n`````\na ```` b\n`````\n');
  });

  test('leaves room for two others in a comment', () => {
    const page = planPage('dev', true, 'x'.repeat(100_000));
    expect(page.length * 3).toBeLessThan(65_536);
    expect(page).toContain('the rest is in the artifact');
  });
});
