/**
 * Plans an environment, applies the plan that was saved, or looks for drift: `node terraform/deploy/main.ts plan|apply|drift ENVIRONMENT`.
 * A plan is left in terraform/deploy/dist/ENVIRONMENT, as Terraform applies it (`plan`, with the provider's version and hashes in
 * `terraform.lock.hcl`) and as people read it (`plan.md`).
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planPage } from './plan-page.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const deployable = () => readdirSync(at('../environments')).filter((name) => name !== 'local');

/** What `terraform plan -detailed-exitcode` means by its exit code. */
const CHANGES = 2;

interface Environment {
  readonly name: string;
  /** Where its plan is kept. */
  readonly kept: string;
}

const verbs = { plan, apply, drift };

const folderOf = ({ name }: Environment) => at(`../environments/${name}`);

/** The lock file of `init`, and where it is kept: a plan is applied only by the provider that made it. */
const lockOf = (environment: Environment) => join(folderOf(environment), '.terraform.lock.hcl');
const keptLockOf = ({ kept }: Environment) => join(kept, 'terraform.lock.hcl');

function terraform(environment: Environment, args: readonly string[], accepted: readonly number[] = [0]) {
  const { status, stdout, error } = spawnSync('terraform', args, {
    cwd: folderOf(environment),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
  if (error !== undefined) throw new Error(`terraform does not start: ${error.message}`);
  if (status === null || !accepted.includes(status)) throw new Error(`terraform ${args[0] ?? ''} failed:\n${stdout}`);
  return { status, stdout };
}

const init = (environment: Environment) =>
  terraform(environment, ['init', '-input=false', '-no-color', '-backend-config=backend.hcl']);

/** Takes no lock: a read-only role may not write one, and an outdated plan is refused when it is applied. */
function makePlan(environment: Environment): boolean {
  mkdirSync(environment.kept, { recursive: true });
  init(environment);
  copyFileSync(lockOf(environment), keptLockOf(environment));
  const out = `-out=${join(environment.kept, 'plan')}`;
  return (
    terraform(
      environment,
      ['plan', '-input=false', '-no-color', '-lock=false', '-detailed-exitcode', out],
      [0, CHANGES],
    ).status === CHANGES
  );
}

function writePage(environment: Environment, changed: boolean): void {
  const { stdout } = terraform(environment, ['show', '-no-color', join(environment.kept, 'plan')]);
  const page = planPage(environment.name, changed, stdout);
  writeFileSync(join(environment.kept, 'plan.md'), page);
  const summary = process.env['GITHUB_STEP_SUMMARY'];
  if (summary !== undefined) appendFileSync(summary, page);
  console.log(page);
}

function plan(environment: Environment): void {
  writePage(environment, makePlan(environment));
}

function apply(environment: Environment): void {
  const file = join(environment.kept, 'plan');
  if (!existsSync(file))
    throw new Error(`there is no plan of ${environment.name}: npm run deploy:plan -- ${environment.name}`);
  copyFileSync(keptLockOf(environment), lockOf(environment));
  init(environment);
  console.log(terraform(environment, ['apply', '-input=false', '-no-color', file]).stdout);
}

function drift(environment: Environment): void {
  const changed = makePlan(environment);
  writePage(environment, changed);
  if (changed)
    throw new Error(
      `${environment.name} is not what main says: somebody changed it by hand, or a merge was not applied`,
    );
}

function main([verb, name]: readonly string[]): void {
  if (verb === undefined || !Object.hasOwn(verbs, verb) || name === undefined || !deployable().includes(name)) {
    throw new Error(`usage: ${Object.keys(verbs).join('|')} ${deployable().join('|')}`);
  }
  verbs[verb as keyof typeof verbs]({ name, kept: at(`dist/${name}`) });
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
