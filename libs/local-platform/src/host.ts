import type { LocalAws } from '@baton/local-aws';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFile } from './bundle.ts';
import { names } from './wiring.ts';

export interface HostOptions {
  /** Where the host reaches the completer. */
  readonly endpoint: string;
  readonly instanceId: string;
  /** Where the host's jobs start; by default a new folder on the host, as the install document makes it. */
  readonly folder?: string;
  /** How long the instance's credentials live. */
  readonly credentialSeconds?: number;
  /** What runs the notifier's program; this process's own Node by default. */
  readonly runtime?: string;
}

/** Starts a local EC2 host with the notifier installed, which recovers at boot: what the install document leaves on a real host. */
export async function launchHost(
  aws: LocalAws,
  { endpoint, folder, runtime = process.execPath, ...options }: HostOptions,
): Promise<void> {
  const disk = join(aws.world.folder, 'installed', options.instanceId);
  const onDisk = (path: string): string => {
    mkdirSync(join(disk, path), { recursive: true });
    return join(disk, path);
  };
  const notifier = join(onDisk('usr/local/bin'), 'ec2-agent-notifier');
  writeProgram(notifier, `exec ${quoted(runtime)} ${quoted(bundleFile('ec2-agent-notifier'))} "$@"`);
  const system = onDisk('etc/systemd/system');
  const recover = join(system, 'recover');
  writeProgram(recover, `exec ec2-agent-notifier recover --endpoint ${quoted(endpoint)}`);
  aws.hosts.onBoot((host) => {
    if (host.instanceId !== options.instanceId) return;
    void host.run({
      script: recover,
      environment: {},
      stdoutFile: join(system, 'recover.out'),
      stderrFile: join(system, 'recover.err'),
    });
  });
  await aws.hosts.launch({
    ...options,
    folder: disk,
    roleName: names.hostRole,
    tags: { [names.hostTag.key]: names.hostTag.value },
    environment: {
      BATON_STATE_DIRECTORY: join(disk, 'var/lib/baton-notifier'),
      BATON_WORK_DIRECTORY: folder ?? onDisk('var/lib/baton/work'),
    },
  });
}

/** Quotes a text as one word of a shell: the project's own path may hold spaces and quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const writeProgram = (file: string, line: string): void => writeFileSync(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
