import type { LocalAws } from '@baton/local-aws';
import { launchHost, type Deployment } from '@baton/local-platform';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { befall, heal } from './befall.ts';
import { createLine } from './line.ts';
import type { Misfortune } from './plan.ts';

const hostDate = fileURLToPath(new URL('host-date.ts', import.meta.url));

/** A local host that reaches the platform by a line of its own, and whose clock can be set. */
export interface ChaosHost {
  readonly instanceId: string;
  /** Resolves when what befell it is over, as far as it ends. */
  befall(misfortune: Misfortune): Promise<void>;
  /** Nothing is frozen, cut off or wrong any more. */
  heal(): void;
  /** Terminates it, if it is not. */
  end(): Promise<void>;
}

export interface ChaosHostOptions {
  readonly instanceId: string;
  /** Whether a supervisor outlives a notifier that is killed. */
  readonly supervised: boolean;
}

export async function launchChaosHost(
  aws: LocalAws,
  { endpoint }: Deployment,
  { instanceId, supervised }: ChaosHostOptions,
): Promise<ChaosHost> {
  const line = await createLine(Number(new URL(endpoint).port));
  const folder = join(aws.world.folder, 'chaos', instanceId);
  mkdirSync(folder, { recursive: true });
  const dateFile = join(folder, 'date');
  writeFileSync(dateFile, '0');
  const runtime = join(folder, 'runtime');
  writeFileSync(runtime, runtimeScript(endpoint, line.port, dateFile), { mode: 0o755 });
  await launchHost(aws, { endpoint, instanceId, runtime });

  const world = { aws, instanceId, line, dateFile, supervised };
  return {
    instanceId,
    befall: (misfortune) => befall(world, misfortune),
    heal: () => heal(world),
    async end() {
      if (aws.hosts.get(instanceId)?.state !== 'terminated') await aws.hosts.terminate(instanceId);
      await line.close();
    },
  };
}

/** Runs a program of Node with the host's own clock, and with its own way to the platform. */
function runtimeScript(endpoint: string, port: number, dateFile: string): string {
  const own = new URL(endpoint);
  own.port = String(port);
  return `#!/usr/bin/env bash
export CHAOS_HOST_DATE='${dateFile}'
platform='${endpoint}'
line='${own.href}'
exec '${process.execPath}' --disable-warning=ExperimentalWarning --import '${hostDate}' "\${@/#$platform/$line}"
`;
}
