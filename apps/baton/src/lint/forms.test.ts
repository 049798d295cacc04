/** One machine in every form that lint reads: it is judged alike in all, and each place is the line of the state in the file that one edits. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { lintPaths } from './lint-paths.ts';
import type { LintResult } from './lint-text.ts';
import { loadHclParser } from './read/hcl-parser.ts';

const folder = fileURLToPath(new URL('../../test/forms/', import.meta.url));
let result: LintResult;

beforeAll(async () => {
  result = lintPaths(['.'], { folder, hcl: await loadHclParser() });
});

const MACHINES = [
  'asl/machine.asl.json',
  'asl/machine.asl.yaml',
  'cdk.out/Stack.template.json Machine4F02',
  'cloudformation/object.json Machine',
  'cloudformation/string.yaml Machine',
  'sam/object.yaml Machine',
  'sam/uri.asl.json Machine',
  'serverless/included.yml included',
  'serverless/serverless.yml inline',
  'terraform/locals.tf aws_sfn_state_machine.local',
  'terraform/main.tf aws_sfn_state_machine.encoded',
  'terraform/main.tf aws_sfn_state_machine.heredoc',
  'terraform/plan.json aws_sfn_state_machine.this',
  'terraform/template.asl.json.tftpl aws_sfn_state_machine.template',
];

const textAt = (file: string, line: number): string =>
  readFileSync(`${folder}${file}`, 'utf8').split('\n')[line - 1] ?? '';

it('reads the machine in every form', () => {
  const { findings, problems } = result;
  expect(problems).toEqual([]);
  const bad = findings.filter(({ rule }) => rule === 'heartbeat-not-shorter');
  expect(bad.map(({ file, machine }) => [file, machine ?? []].flat().join(' ')).sort()).toEqual(MACHINES);
});

it.each(MACHINES)('judges %s as all others, at its own places', (name) => {
  const own = result.findings.filter(({ file, machine }) => [file, machine ?? []].flat().join(' ') === name);
  expect(own.map(({ state, rule, severity }) => `${state} ${rule} ${severity}`)).toEqual([
    'Good timeout-not-caught note',
    'Bad heartbeat-not-shorter error',
    'Bad heartbeat-nobody-sends note',
  ]);
  const [good, bad] = own;
  expect(textAt(good!.file, good!.start.line)).toMatch(/\bGood\b/);
  expect(textAt(bad!.file, bad!.start.line)).toMatch(/HeartbeatSeconds/);
});

it('says what it cannot know, and why', () => {
  const unknown = result.findings.filter(({ rule }) => rule === 'definition-unknown');
  expect(unknown.map(({ file, start, message }) => `${file}:${start.line} ${message}`)).toMatchInlineSnapshot(`
    [
      "unknown/main.tf:2 the definition of aws_sfn_state_machine.variable is not read: var.definition is known when Terraform plans: lint the plan",
      "unknown/main.tf:7 the definition of aws_sfn_state_machine.each is not read: the path "\${path.module}/\${each.key}.asl.json" is known when Terraform plans: lint the plan",
      "unknown/main.tf:16 a part of the definition of aws_sfn_state_machine.loop is not read: Terraform makes it when it plans: lint the plan",
      "unknown/main.tf:25 the definition of module.elsewhere is not read: module.other.definition is known when Terraform plans: lint the plan",
      "unknown/main.tf:33 a part of the definition of aws_sfn_state_machine.directive is not read: Terraform makes it when it plans: lint the plan",
      "unknown/template.yaml:7 the definition of Bucket is not read: it is an object in S3",
      "unknown/template.yaml:11 the definition of Parameter is not read: Ref decides it when the template is deployed",
    ]
  `);
});

it('ends with what it read and what it skipped', () => {
  expect(result.read.map(({ file, form, definitions }) => `${file} ${form} ${definitions}`)).toMatchInlineSnapshot(`
    [
      "asl/machine.asl.json ASL 1",
      "asl/machine.asl.yaml ASL 1",
      "cdk.out/Stack.template.json CloudFormation 1",
      "cloudformation/object.json CloudFormation 1",
      "cloudformation/string.yaml CloudFormation 1",
      "sam/object.yaml CloudFormation 1",
      "sam/uri.asl.json ASL 1",
      "sam/uri.yaml CloudFormation 0",
      "serverless/included.yml Serverless Framework 1",
      "serverless/serverless.yml Serverless Framework 1",
      "terraform/locals.tf Terraform 1",
      "terraform/main.tf Terraform 2",
      "terraform/plan.json Terraform plan 1",
      "terraform/template.asl.json.tftpl ASL 1",
      "unknown/main.tf Terraform 5",
      "unknown/template.yaml CloudFormation 2",
    ]
  `);
  expect(result.skipped).toEqual([{ file: 'terraform/notes.json', reason: 'declares no state machine' }]);
});
