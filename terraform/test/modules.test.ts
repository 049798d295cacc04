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

describe.skipIf(skipsBecause(missingTerraform))('terraform', { timeout: 180_000 }, () => {
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
    const readme = readFileSync(join(terraformFolder, 'README.md'), 'utf8');
    const blocks = /<!-- tested: .* -->\n```hcl\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const folder = mkdtempSync(join(tmpdir(), 'baton-readme-'));
    const local = blocks.replace(/git::[^"]*\/\/terraform\/modules\/([\w-]+)\?ref=[^"]*/g, (_, name: string) =>
      relative(folder, join(terraformFolder, 'modules', name)),
    );
    expect(local.match(/^module /gm)).toHaveLength(5);
    writeFileSync(join(folder, 'resize.zip'), '');
    const given = ['name_prefix', 'dispatcher_function_arn', 'queue_function_arn', 'notice_topic_arn', 'endpoint'];
    writeFileSync(
      join(folder, 'main.tf'),
      `${local}\nvariable "baton" {\n  type = object({ ${given.map((name) => `${name} = string`).join(', ')} })\n}\n`,
    );
    const terraform = terraformIn(folder);
    await terraform.must('init', '-backend=false', '-input=false');
    await terraform.must('validate', '-no-color');
    expect((await terraform.run('fmt', '-check', '-diff')).output).toBe('');
    terraform.dispose();
    rmSync(folder, { recursive: true });
  });
});
