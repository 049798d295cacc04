import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliConfigFile } from './toolchain.ts';

export const terraformFolder = fileURLToPath(new URL('..', import.meta.url));

export interface Run {
  readonly exitCode: number;
  readonly output: string;
}

/** Terraform in one folder, with its plugins, state and temporary files elsewhere. */
export interface Terraform {
  run(...args: string[]): Promise<Run>;
  /** @throws with Terraform's own words when it exits other than 0 */
  must(...args: string[]): Promise<string>;
  dispose(): void;
}

export function terraformIn(folder: string, environment: Readonly<Record<string, string>> = {}): Terraform {
  const scratch = mkdtempSync(join(tmpdir(), 'baton-terraform-'));
  const configFile = cliConfigFile(scratch);
  const env = {
    ...process.env,
    ...(configFile === undefined ? {} : { TF_CLI_CONFIG_FILE: configFile }),
    TF_DATA_DIR: scratch,
    TF_IN_AUTOMATION: '1',
    CHECKPOINT_DISABLE: '1',
    ...environment,
  };
  const run = (...args: string[]): Promise<Run> =>
    new Promise((done) => {
      const child = execFile(
        'terraform',
        [...args],
        { cwd: resolve(terraformFolder, folder), env, maxBuffer: 64e6 },
        (_, out, err) => {
          done({ exitCode: child.exitCode ?? 1, output: out + err });
        },
      );
    });
  return {
    run,
    must: async (...args) => {
      const { exitCode, output } = await run(...args);
      if (exitCode !== 0) throw new Error(`terraform ${args.join(' ')} in terraform/${folder}:\n${output}`);
      return output;
    },
    dispose: () => rmSync(scratch, { recursive: true, force: true }),
  };
}
