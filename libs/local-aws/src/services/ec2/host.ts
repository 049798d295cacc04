import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Millis } from '../../kernel/clock/clock.ts';
import type { World } from '../../kernel/service.ts';
import { startMetadataService } from './metadata-service.ts';
import { arnOf } from '../../kit/arn.ts';
import type { AgentHost, InstanceState } from '../../kit/host.ts';
import { createProcessGroups } from './process-groups.ts';

export interface LaunchOptions {
  /** `i-` and 8 or 17 hexadecimal digits; the default is a fresh one. */
  readonly instanceId?: string;
  /** The role of the instance profile. */
  readonly roleName: string;
  /** Where the role has a path; the default is the ARN of one without. */
  readonly roleArn?: string;
  /** The default is the role's name. */
  readonly instanceProfileName?: string;
  /** What stands for the host's `/`; the default is a fresh one. */
  readonly folder?: string;
  /** Folders to look for programs in, before those of this machine's PATH. */
  readonly path?: readonly string[];
  /** For every script on the host. Nothing else of this process's environment reaches them but PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  /** How long the instance's temporary credentials live; six hours unless told. */
  readonly credentialSeconds?: number;
}

/** A computer of its own, as far as scripts can tell: a disk, processes, metadata, a boot id. */
export interface Host extends AgentHost {
  readonly launchTime: Millis;
  readonly instanceProfileName: string;
  readonly tags: Record<string, string>;
  state: InstanceState;
  connected: boolean;
  bootId: string;
  /** A new boot id, for this and the scripts. */
  boot(): void;
  /** KILLs all that runs. Resolves when it has ended. */
  killAll(): Promise<void>;
  /** The end of its metadata service, with the host. */
  dismantle(): Promise<void>;
}

const SIX_HOURS = 21_600;
/** Where the agent's unit runs, and so every script that is given no folder. [documented: source of amazon-ssm-agent] */
const AGENT_FOLDER = 'usr/bin';

export async function createHost(world: World, instanceId: string, options: LaunchOptions): Promise<Host> {
  const { roleName, credentialSeconds = SIX_HOURS } = options;
  const roleArn = options.roleArn ?? arnOf(world, 'iam', `role/${roleName}`);
  const systemFolder = join(world.folder, 'hosts', instanceId);
  const folder = options.folder ?? join(systemFolder, 'disk');
  const agentFolder = join(folder, AGENT_FOLDER);
  const home = join(systemFolder, 'home');
  for (const path of [home, agentFolder]) mkdirSync(path, { recursive: true });
  const bootIdFile = join(systemFolder, 'boot_id');

  const processes = createProcessGroups(home);
  const metadata = await startMetadataService(world, { instanceId, roleName, roleArn, credentialSeconds });
  const baseEnvironment = {
    // As on a real host, what is installed there comes before what the machine has.
    PATH: [
      ...(options.path ?? []),
      join(folder, 'usr/local/bin'),
      process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ].join(delimiter),
    HOME: home,
    LANG: 'C.UTF-8',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.address,
    AWS_REGION: world.region,
    AWS_DEFAULT_REGION: world.region, // boto3 knows no other name for it.
    BATON_HOST_FOLDER: folder, // For scripts that would write elsewhere on this machine.
    BATON_BOOT_ID_FILE: bootIdFile,
    ...options.environment,
  };

  const host: Host = {
    instanceId,
    instanceArn: arnOf(world, 'ec2', `instance/${instanceId}`),
    roleName,
    roleArn,
    folder,
    environment: baseEnvironment,
    systemFolder,
    instanceProfileName: options.instanceProfileName ?? roleName,
    tags: { ...options.tags },
    launchTime: world.clock.now(),
    state: 'pending',
    connected: false,
    bootId: '',
    run({ workingDirectory = '', environment, ...files }) {
      return processes.start({
        ...files,
        workingFolder: resolve(agentFolder, workingDirectory),
        environment: { ...baseEnvironment, ...environment },
      });
    },
    boot() {
      host.bootId = randomUUID();
      writeFileSync(bootIdFile, `${host.bootId}\n`);
    },
    killAll: () => processes.killAll(),
    dismantle: () => metadata.close(),
  };
  return host;
}
