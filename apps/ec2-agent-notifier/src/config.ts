import * as z from 'zod/mini';
import { EXIT, ExitError } from './exit-codes.ts';

/** The oldest Node that runs the bundle. */
const OLDEST_NODE = 20;

/** The folder for jobs that the install document makes. */
export const WORK_DIRECTORY = '/var/lib/baton/work';

/** Unset and empty mean the same to a shell, so they do here. */
const Text = z.pipe(
  z.optional(z.string()),
  z.transform((text) => (text === '' ? undefined : text)),
);

const Environment = z.object({
  BATON_STATE_DIRECTORY: Text,
  BATON_WORK_DIRECTORY: Text,
  BATON_RUN_AS: Text,
  BATON_BOOT_ID_FILE: Text,
  /** Set by the SSM agent since 3.0.284. */
  SSM_COMMAND_ID: Text,
  AWS_REGION: Text,
  /** Set by the SSM agent. */
  AWS_SSM_REGION_NAME: Text,
  AWS_EC2_METADATA_SERVICE_ENDPOINT: Text,
});

export interface Config {
  readonly stateDirectory: string;
  /** Where jobs start. When undefined nobody has chosen one. */
  readonly workDirectory: string | undefined;
  /** The user whom jobs run as. When undefined nobody has chosen one. */
  readonly runAs: string | undefined;
  readonly bootIdFile: string;
  readonly commandId: string | undefined;
  /** When undefined the instance metadata service is asked. */
  readonly region: string | undefined;
  readonly metadataEndpoint: string;
}

/** @throws ExitError (78) when a variable holds what it must not. */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const environment = Environment.parse(variables);
  const metadataEndpoint = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT ?? 'http://169.254.169.254';
  if (!/^https?:\/\//.test(metadataEndpoint) || !URL.canParse(metadataEndpoint)) {
    throw new ExitError(EXIT.config, `AWS_EC2_METADATA_SERVICE_ENDPOINT "${metadataEndpoint}" is not an http URL`);
  }
  return {
    stateDirectory: environment.BATON_STATE_DIRECTORY ?? '/var/lib/baton-notifier',
    workDirectory: environment.BATON_WORK_DIRECTORY,
    runAs: environment.BATON_RUN_AS,
    bootIdFile: environment.BATON_BOOT_ID_FILE ?? '/proc/sys/kernel/random/boot_id',
    commandId: environment.SSM_COMMAND_ID,
    region: environment.AWS_REGION ?? environment.AWS_SSM_REGION_NAME,
    metadataEndpoint: metadataEndpoint.replace(/\/+$/, ''),
  };
}

/** @throws ExitError (78) on a Node that cannot run this program. `version` is `process.versions.node`. */
export function checkNode(version: string): void {
  if (Number.parseInt(version, 10) < OLDEST_NODE) {
    throw new ExitError(EXIT.config, `Node ${version} is too old: ${OLDEST_NODE} or newer is needed`);
  }
}
