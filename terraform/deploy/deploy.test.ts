import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planPage } from './plan-page.ts';

/** The program and folders of environments as they lie beside it, where nobody keeps a plan or a lock of their own. */
let scratch: string;
const at = (path: string) => join(scratch, path);
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'baton-deploy-'));
  for (const name of ['main.ts', 'plan-page.ts'])
    cpSync(fileURLToPath(new URL(name, import.meta.url)), at(`deploy/${name}`));
  for (const name of ['dev', 'local', 'prod', 'staging']) mkdirSync(at(`environments/${name}`), { recursive: true });
  writeFileSync(at('package.json'), '{ "type": "module" }');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** The program, with a terraform that writes down what it is asked for and whose plan ends with an exit code. */
function deploy(args: string[], planExits = 2) {
  const script = `#!/bin/sh
echo "$(basename "$PWD"): $*" >> ${at('asked')}
case "$1" in
  init) [ -e .terraform.lock.hcl ] || echo 'made by init' > .terraform.lock.hcl ;;
  plan) for last; do :; done; touch "\${last#-out=}"; exit ${planExits} ;;
  show) echo "Plan: 1 to add, 0 to change, 0 to destroy." ;;
  apply) echo "Apply complete!" ;;
esac
`;
  mkdirSync(at('bin'), { recursive: true });
  writeFileSync(at('bin/terraform'), script, { mode: 0o755 });
  const PATH = `${at('bin')}:${process.env['PATH'] ?? ''}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [at('deploy/main.ts'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, PATH, GITHUB_STEP_SUMMARY: at('summary') },
  });
  return { status, stdout, stderr };
}
const asked = () => readFileSync(at('asked'), 'utf8').trimEnd().split('\n');

test('a plan is made without a lock, kept, and shown in the summary', () => {
  expect(deploy(['plan', 'staging'])).toMatchObject({ status: 0 });
  expect(asked()).toEqual([
    'staging: init -input=false -no-color -backend-config=backend.hcl',
    `staging: plan -input=false -no-color -lock=false -detailed-exitcode -out=${at('deploy/dist/staging/plan')}`,
    `staging: show -no-color ${at('deploy/dist/staging/plan')}`,
  ]);
  const page = readFileSync(at('deploy/dist/staging/plan.md'), 'utf8');
  expect(page).toContain('### staging: Plan: 1 to add, 0 to change, 0 to destroy.');
  expect(readFileSync(at('summary'), 'utf8')).toBe(page);
});

test('what is applied is the plan that was kept, and nothing is planned again', () => {
  deploy(['plan', 'staging']);
  rmSync(at('asked'));
  expect(deploy(['apply', 'staging'])).toMatchObject({ status: 0 });
  expect(asked().map((line) => line.split(' ')[1])).toEqual(['init', 'apply']);
  expect(asked()[1]).toContain(at('deploy/dist/staging/plan'));
});

test('a plan is applied by the provider that made it', () => {
  deploy(['plan', 'staging']);
  const lock = at('environments/staging/.terraform.lock.hcl');
  writeFileSync(lock, 'a newer one\n');
  deploy(['apply', 'staging']);
  expect(readFileSync(lock, 'utf8')).toBe('made by init\n');
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
