import type { LocalAws } from '@baton/local-aws';
import { bundleFile } from '@baton/local-platform';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts the built notifier where the install document puts it, within the host's own folder. */
export function installNotifier(aws: LocalAws, instanceId: string): void {
  const host = aws.hosts.get(instanceId);
  if (host === undefined) throw new Error(`there is no host ${instanceId}`);
  const programs = join(host.folder, 'usr/local/bin');
  const work = join(host.folder, 'var/lib/baton/work');
  for (const folder of [programs, work]) mkdirSync(folder, { recursive: true });
  const lines = [
    '#!/bin/sh',
    `export BATON_STATE_DIRECTORY='${join(host.folder, 'var/lib/baton-notifier')}'`,
    `export BATON_WORK_DIRECTORY='${work}'`,
    `exec '${process.execPath}' '${bundleFile('ec2-agent-notifier')}' "$@"`,
  ];
  writeFileSync(join(programs, 'ec2-agent-notifier'), `${lines.join('\n')}\n`, { mode: 0o755 });
}
