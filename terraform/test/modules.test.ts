/** Every module and every environment: formatted, valid, and true to its own tests, without a network. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
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
});
