/**
 * Tries an environment on an account from nothing to nothing: `npm run smoke -- dev`. It applies the environment, a host and every example,
 * runs them, kills the host, rotates the key of links, plans again, and destroys all of it. The environment must not be there yet.
 */
import { parseArgs } from 'node:util';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRecord } from './record.ts';
import { type Choices, smokeRun } from './smoke-run.ts';
import type { Result } from './steps.ts';

const USAGE = `npm run smoke -- ENVIRONMENT [options]

  --backend-config K=V   for terraform init, as often as needed
  --var K=V              for the environment, as often as needed
  --region REGION        the region of the environment (default: AWS_REGION)
  --image AMI            image of the host (default: Amazon Linux 2023)
  --subnet SUBNET        subnet of the host (default: one of the default VPC)
  --partner URL          a partner for the example webhook, which is left out without one
  --record FOLDER        writes histories, denials and times there, without anything that names the account
  --keep                 destroys nothing`;

const OPTIONS = {
  'backend-config': { type: 'string', multiple: true, default: [] as string[] },
  region: { type: 'string' },
  var: { type: 'string', multiple: true, default: [] as string[] },
  image: { type: 'string' },
  subnet: { type: 'string' },
  partner: { type: 'string' },
  record: { type: 'string' },
  keep: { type: 'boolean', default: false },
} as const;

/** Those that a smoke run can destroy: they have a state of their own, and do not protect their table. */
function environments(): string[] {
  const folder = fileURLToPath(new URL('../environments', import.meta.url));
  return readdirSync(folder).filter(
    (name) =>
      existsSync(join(folder, name, 'backend.hcl')) &&
      /deletion_protection += false/.test(readFileSync(join(folder, name, 'main.tf'), 'utf8')),
  );
}

function regionOf(region = process.env['AWS_REGION']): string {
  if (region === undefined) throw new Error('Which region is the environment in? --region, or AWS_REGION');
  return region;
}

/** @throws {Error} with the usage */
function readChoices(args: readonly string[]): Choices & { readonly record: string | undefined } {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [name, ...more] = positionals;
    if (name === undefined || more.length > 0) throw new Error('Which environment is to be tried?');
    if (!environments().includes(name))
      throw new Error(
        `${name} cannot be tried, but ${environments().join(', ')}: others protect their table, or have no account`,
      );
    return {
      environment: name,
      region: regionOf(values.region),
      backendConfig: values['backend-config'],
      variables: values.var,
      image: values.image,
      subnet: values.subnet,
      partner: values.partner,
      record: values.record,
      keep: values.keep,
    };
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`, { cause: error });
  }
}

async function main(): Promise<number> {
  const { record, ...choices } = readChoices(process.argv.slice(2));
  const run = await smokeRun(choices, (line) => console.log(line));
  console.log(`\n${summary(run.results)}`);
  if (record !== undefined) console.log(`\nrecorded in ${writeRecord(record, run)}`);
  return run.results.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

function summary(results: readonly Result[]): string {
  const count = (wanted: Result['outcome']) => results.filter(({ outcome }) => outcome === wanted).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('left out')} left out`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 64;
}
