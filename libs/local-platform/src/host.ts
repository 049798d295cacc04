import type { LocalAws } from '@baton/local-aws';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFile } from './bundle.ts';
import { names } from './wiring.ts';

export interface HostOptions {
  /** Where the host reaches the completer. */
  readonly endpoint: string;
  readonly instanceId: string;
  /** The working folder of the host's jobs; a new one by default. */
  readonly folder?: string;
  /** How long the instance's credentials live. */
  readonly credentialSeconds?: number;
}

/** Starts a local EC2 host with the notifier installed, which recovers at boot: what the install document leaves on a real host. */
export async function launchHost(aws: LocalAws, { endpoint, ...options }: HostOptions): Promise<void> {
  const system = join(aws.world.folder, 'installed', options.instanceId);
  const programs = join(system, 'bin');
  mkdirSync(programs, { recursive: true });
  const notifier = join(programs, 'ec2-agent-notifier');
  writeProgram(notifier, `exec ${quoted(process.execPath)} ${quoted(bundleFile('ec2-agent-notifier'))} "$@"`);
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
    roleName: names.hostRole,
    tags: { [names.hostTag.key]: names.hostTag.value },
    path: [programs],
    environment: { BATON_STATE_DIRECTORY: join(system, 'state') },
  });
}

/** Quotes a text as one word of a shell: the project's own path may hold spaces and quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const writeProgram = (file: string, line: string): void => writeFileSync(file, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
