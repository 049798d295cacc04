/**
 * Seeds each fault into a copy of this folder and runs the tests that must notice it, and takes statements from the roles of examples that
 * run. Exits with 1 when a fault survives. Arguments choose among the faults, see `choose`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliConfigFile, missingTerraform } from '../test/toolchain.ts';
import { mutants, type Mutant } from './mutants.ts';
import { missingStatements, refusalWithout } from './statements.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'baton-mutants-'));
  const parts = [
    'terraform',
    'examples',
    'apps/dispatcher/src',
    'apps/completer/src',
    'libs/token-lib/src',
    'apps/baton/src/lint',
    'tools/skips',
  ];
  const skipped = /\/(dist|node_modules|\.terraform[^/]*)$/;
  for (const part of [...parts, 'package.json', 'tsconfig.base.json', 'vitest.config.ts']) {
    // Links stay relative: a fault that is seeded through one stays in the copy.
    const filter = (path: string) => !skipped.test(path);
    cpSync(join(root, part), join(copy, part), { recursive: true, verbatimSymlinks: true, filter });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

interface TestRun {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs the tests of a folder in the copy. */
function runTests(copy: string, folder: string): TestRun {
  const configFile = cliConfigFile(copy);
  const environment = {
    ...process.env,
    TF_DATA_DIR: join(copy, '.data', folder.replace('/', '-')),
    ...(configFile !== undefined && { TF_CLI_CONFIG_FILE: configFile }),
  };
  const run = (cwd: string, command: string, ...args: string[]): TestRun => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, env: environment, encoding: 'utf8' });
    return { passed: status === 0, output: `${stdout}${stderr}` };
  };
  if (folder === 'checks') return run(copy, join(root, 'node_modules/.bin/vitest'), 'run', 'terraform/checks/');
  const at = join(copy, 'terraform', folder);
  const init = run(at, 'terraform', 'init', '-backend=false', '-input=false', '-no-color');
  if (!init.passed)
    throw new Error(`terraform init in ${folder}:
${init.output}`);
  return run(at, 'terraform', 'test', '-no-color');
}

function isCaught(copy: string, mutant: Mutant): boolean {
  const file = join(copy, 'terraform', mutant.file);
  const sound = readFileSync(file, 'utf8');
  if (sound.split(mutant.from).length !== 2) {
    throw new Error(`"${mutant.fault}": its place is not found exactly once in terraform/${mutant.file}`);
  }
  writeFileSync(
    file,
    sound.replace(mutant.from, () => mutant.to),
  );
  try {
    return !runTests(copy, mutant.caughtBy).passed;
  } finally {
    writeFileSync(file, sound);
  }
}

/** A number chooses that many, spread over the list; words choose the mutants that mention one of them. */
function choose(wishes: readonly string[]): readonly Mutant[] {
  if (wishes.length === 0) return mutants;
  const wanted = Number(wishes[0]);
  if (Number.isNaN(wanted)) {
    return mutants.filter((mutant) => wishes.some((wish) => JSON.stringify(mutant).includes(wish)));
  }
  const step = Math.max(1, Math.floor(mutants.length / wanted));
  return mutants.filter((_, index) => index % step === 0).slice(0, wanted);
}

/** Takes each statement away, and says whether its run was denied. @returns how many were not missed */
async function takeStatements(wishes: readonly string[]): Promise<number> {
  const chosen = missingStatements.filter((each) => {
    const text = JSON.stringify(each);
    return wishes.length === 0 || wishes.some((wish) => text.includes(`"${wish}"`));
  });
  let missed = 0;
  for (const statement of chosen) {
    const refusal = await refusalWithout(statement);
    const { role, sid, example } = statement;
    console.log(
      `${refusal === undefined ? 'SURVIVED' : 'caught  '}  ${example.padEnd(22)}  ${role} without ${sid}: ${refusal ?? 'nothing was denied'}`,
    );
    if (refusal !== undefined) missed += 1;
  }
  return chosen.length - missed;
}

function seedFaults(wishes: readonly string[]): number {
  if (missingTerraform !== undefined) {
    console.warn(`skipped: ${missingTerraform}`);
    return 0;
  }
  const chosen = choose(wishes);
  const copy = copyOfRepository();
  try {
    for (const folder of new Set(chosen.map((mutant) => mutant.caughtBy))) {
      const sound = runTests(copy, folder);
      if (!sound.passed) throw new Error(`the tests of ${folder} fail without any fault:\n${sound.output}`);
    }
    const survivors = chosen.filter((mutant) => {
      const caught = isCaught(copy, mutant);
      console.log(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutant.caughtBy.padEnd(22)}  ${mutant.fault}`);
      return !caught;
    });
    console.log(`${chosen.length - survivors.length} of ${chosen.length} faults caught`);
    return survivors.length;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const wishes = process.argv.slice(2);
const survivors = (await takeStatements(wishes)) + seedFaults(wishes);
process.exitCode = survivors === 0 ? 0 : 1;
