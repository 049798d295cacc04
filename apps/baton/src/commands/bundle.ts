import { zipFolder } from '@baton/local-platform';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findExample } from '../example-folders.ts';
import { bundleWorkflow } from '../run/bundle-workflow.ts';
import { readChecked } from '../run/checked-workflow.ts';
import { CliError, type Terminal } from '../terminal.ts';

/** Writes the functions of a workflow as its main.tf deploys them. @throws {CliError} where it has none */
export async function runBundle(named: string, { line }: Terminal): Promise<void> {
  const { folder, built, needs } = await bundleWorkflow(readChecked(findExample(named)));
  if (Object.keys({ ...needs.functions, ...needs.workers }).length === 0) {
    throw new CliError(`${folder}/local.json has no functions and no workers: there is nothing to bundle`, 66);
  }
  const target = join(folder, 'dist');
  mkdirSync(target, { recursive: true });
  if (built !== target) cpSync(join(built, 'main.mjs'), join(target, 'main.mjs'));
  writeFileSync(join(target, 'code.zip'), zipFolder(target, named));
  line(`written  ${join(target, 'code.zip')}`);
}
