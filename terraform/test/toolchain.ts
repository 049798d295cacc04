/** Finds what these tests need on the machine, or names what is missing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const answers = (command: string) => spawnSync(command, ['--help'], { stdio: 'ignore' }).status === 0;

const isFile = (path: string | undefined) =>
  path !== undefined && statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** @returns a folder with an unpacked AWS provider: TF_PLUGIN_DIR, or one in the usual places for software */
function findProviderMirror(): string | undefined {
  const places = ['/opt', '/usr/share', '/usr/local/share', '/var/lib', homedir(), join(homedir(), '.terraform.d')];
  const folders = places
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).map((name) => join(place, name)));
  return [process.env['TF_PLUGIN_DIR'], ...folders].find(
    (folder) => folder !== undefined && existsSync(join(folder, 'registry.terraform.io/hashicorp/aws')),
  );
}

/**
 * Returns the CLI configuration for a run: the user's own, or one that reads the mirror (written into `scratch`), or none, so that providers come
 * from the registry.
 */
export function cliConfigFile(scratch: string): string | undefined {
  const own = process.env['TF_CLI_CONFIG_FILE'];
  if (isFile(own)) return own;
  const mirror = findProviderMirror();
  if (mirror === undefined) return undefined;
  const file = join(scratch, 'cli.tfrc');
  writeFileSync(file, `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`);
  return file;
}

export const missingTerraform = answers('terraform')
  ? undefined
  : 'terraform is not on PATH: install Terraform 1.11 or newer from developer.hashicorp.com/terraform/install';

export const missingMoto = answers('moto_server')
  ? undefined
  : 'moto_server is not on PATH: pip install "moto[server]==5.2.1"';

const terraformFolder = fileURLToPath(new URL('..', import.meta.url));

export const missingZips = existsSync(join(terraformFolder, 'artifacts/dist/completer.zip'))
  ? undefined
  : 'there are no zips to deploy: make them with "npm run package"';

export const missingNotifier = existsSync(join(terraformFolder, 'artifacts/dist/ec2-agent-notifier.tar.gz'))
  ? undefined
  : 'there is no notifier to install: make its archive with "npm run package:notifier"';

/** Prints what a run skips and why. @returns whether there is anything to skip */
export function skipsBecause(...reasons: (string | undefined)[]): boolean {
  const missing = reasons.filter((reason) => reason !== undefined);
  missing.forEach((reason) => console.warn(`skipped: ${reason}`));
  return missing.length > 0;
}
