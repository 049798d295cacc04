/** Terraform on a local AWS: what it needs on this machine, and the roots that it applies and destroys. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CliError } from '../terminal.ts';

export interface Root {
  apply(variables: readonly string[]): Promise<void>;
  /** By name. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  destroy(): Promise<void>;
}

/** @throws {CliError} in one sentence */
export function checkTerraform(): void {
  if (spawnSync('terraform', ['version'], { stdio: 'ignore' }).status === 0) return;
  throw new CliError(
    'terraform is not on PATH: install Terraform 1.11 or newer, from developer.hashicorp.com/terraform/install',
    69,
  );
}

/** A root whose plugins and state lie in `scratch`. @throws {CliError} where its provider cannot be had */
export async function openRoot(folder: string, scratch: string, endpoint: string): Promise<Root> {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    TF_DATA_DIR: scratch,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  };
  mkdirSync(scratch, { recursive: true });
  configure(environment, scratch);
  const state = `-state=${join(scratch, 'root.tfstate')}`;
  const common = ['-input=false', '-no-color', '-auto-approve', '-parallelism=30', state];
  const terraform = (...args: string[]): Promise<string> => run('terraform', args, folder, environment);
  let given: readonly string[] = [];
  try {
    await terraform('init', '-backend=false', '-input=false', '-no-color');
  } catch (cause) {
    throw new CliError(`Terraform could not get its AWS provider (terraform init in ${folder}): ${lastLine(cause)}`);
  }
  return {
    async apply(variables) {
      given = variables;
      await terraform('apply', ...common, ...given);
    },
    async outputs() {
      const all = JSON.parse(await terraform('output', '-json', state)) as Record<string, { readonly value: unknown }>;
      return Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value]));
    },
    destroy: async () => void (await terraform('destroy', ...common, ...given)),
  };
}

/** The user's own configuration of Terraform, if there is one; else a folder with an unpacked provider, where software usually lies. */
function configure(environment: NodeJS.ProcessEnv, scratch: string): void {
  const { TF_CLI_CONFIG_FILE: own, TF_PLUGIN_DIR: named } = environment;
  if (own !== undefined && existsSync(own)) return;
  delete environment['TF_CLI_CONFIG_FILE'];
  const folders = ['/opt', '/usr/share', '/usr/local/share', homedir()]
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  const mirror = [named ?? '', ...folders].find((folder) =>
    existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')),
  );
  if (mirror === undefined) return;
  const file = join(scratch, 'cli.tfrc');
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
  environment['TF_CLI_CONFIG_FILE'] = file;
}

/** @throws {Error} with what the program wrote when it exits other than 0 */
export function run(program: string, args: readonly string[], cwd: string, env = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${program} ${args[0]}: ${out}${err}`))));
  });
}

const lastLine = (cause: unknown): string =>
  String(cause instanceof Error ? cause.message : cause)
    .split('\n')
    .map((line) => line.replace(/^[│╷╵\s]+/, ''))
    .filter((line) => line !== '')
    .slice(-1)
    .join('');
