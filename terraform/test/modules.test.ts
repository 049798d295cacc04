/** Every module and every environment: formatted, valid, and true to its own tests, without a network. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { terraformFolder, terraformIn } from './terraform.ts';
import { missingTerraform, skipsBecause } from './toolchain.ts';

const folders = ['modules', 'environments', '../examples'].flatMap((kind) =>
  readdirSync(join(terraformFolder, kind))
    .filter((name) => existsSync(join(terraformFolder, kind, name, 'main.tf')))
    .map((name) => `${kind}/${name}`),
);

describe.skipIf(skipsBecause(missingTerraform))('terraform', { timeout: 420_000 }, () => {
  test('everything is formatted', async () => {
    const terraform = terraformIn('.');
    const formatted = await terraform.run('fmt', '-check', '-recursive', '-diff');
    terraform.dispose();
    expect(formatted.exitCode, formatted.output).toBe(0);
  });

  test.each(folders)('%s is valid and passes its tests', async (folder) => {
    const terraform = terraformIn(folder);
    await terraform.must('init', '-backend=false', '-input=false');
    await terraform.must('validate', '-no-color');
    if (existsSync(join(terraformFolder, folder, 'tests'))) await terraform.must('test', '-no-color');
    terraform.dispose();
  });

  test("the README's blocks for a host, a queue and a person are valid", async () => {
    const given = ['name_prefix', 'dispatcher_function_arn', 'queue_function_arn', 'notice_topic_arn', 'endpoint'];
    const baton = `variable "baton" {\n  type = object({ ${given.map((name) => `${name} = string`).join(', ')} })\n}\n`;
    expect(await faultsOf(`${blocksOf('README.md')}\n${baton}`)).toBe('');
  });

  test("the blocks of the modules' READMEs are valid, together", async () => {
    const modules = folders.filter((folder) => folder.startsWith('modules/'));
    expect(await faultsOf(modules.map((folder) => blocksOf(`${folder}/README.md`)).join('\n'))).toBe('');
  });

  test('a function of the platform is there before a worker of the same plan is mapped to it', async () => {
    const module = (name: string) => JSON.stringify(join(relative(folder, terraformFolder), 'modules', name));
    const folder = mkdtempSync(join(tmpdir(), 'baton-order-'));
    const zip = '{ path = "main.tf" }';
    writeFileSync(
      join(folder, 'main.tf'),
      `module "baton" {\n  source = ${module('platform')}\n  artifacts = { dispatcher = ${zip}, completer = ${zip} }\n}
       module "worker" {\n  source = ${module('queue-worker')}\n  name = "baton-work"\n  handler = "main.handler"
         code = ${zip}\n  platform = module.baton.for_workflows\n}`,
    );
    const terraform = terraformIn(folder);
    try {
      await terraform.must('init', '-backend=false', '-input=false');
      expect(await terraform.must('graph')).toContain(
        '"module.worker.aws_lambda_event_source_mapping.dead_letters" -> "module.baton.module.function.aws_',
      );
    } finally {
      terraform.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});

/** The blocks of a README that call modules. */
function blocksOf(file: string): string {
  const readme = readFileSync(join(terraformFolder, file), 'utf8');
  const blocks = [...readme.matchAll(/```hcl\n(module [\s\S]*?)```/g)].map(([, block]) => block);
  expect(blocks, file).not.toEqual([]);
  return blocks.join('\n');
}

/** What Terraform has against these blocks, with the project's modules and beside the files that they name: nothing is ''. */
async function faultsOf(blocks: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'baton-readme-'));
  const modules = relative(folder, join(terraformFolder, 'modules'));
  const local = blocks.replaceAll('./baton/terraform/modules', modules);
  writeFileSync(join(folder, 'main.tf'), local);
  for (const [, name] of local.matchAll(/([\w-]+\.(zip|asl\.json))"/g)) writeFileSync(join(folder, String(name)), '');
  const terraform = terraformIn(folder);
  try {
    await terraform.must('init', '-backend=false', '-input=false');
    const valid = await terraform.run('validate', '-no-color');
    const formatted = await terraform.run('fmt', '-check', '-diff');
    return (valid.exitCode === 0 ? '' : valid.output) + formatted.output;
  } finally {
    terraform.dispose();
    rmSync(folder, { recursive: true });
  }
}
