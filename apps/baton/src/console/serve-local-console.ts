/** The console of `baton local`: it asks the local AWS as it asks AWS, over HTTP, and is told of changes in this process. */
import { connectWorld, type RunningConsole, serveConsole } from '@baton/console';
import type { LocalAws, ObservedCall } from '@baton/local-aws';
import { names, productFolder } from '@baton/local-platform';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../build-bundles.ts';
import { type Faults, localControls, type MovedClock } from './local-controls.ts';

/** The built page. */
export const pageFolder = join(productFolder, 'apps/console/dist');

/** The account's root user, as unknown keys are. */
const credentials = { accessKeyId: 'console', secretAccessKey: 'console' };

export interface LocalConsoleOptions {
  readonly url: string;
  /** No platform is deployed. */
  readonly bare: boolean;
  readonly faults: Faults;
}

export async function serveLocalConsole(
  aws: LocalAws<MovedClock>,
  { url, bare, faults }: LocalConsoleOptions,
): Promise<RunningConsole> {
  // The bare one starts without a build where it can.
  if (!existsSync(pageFolder)) buildBundles(undefined, '@baton/console');
  const { region, accountId } = aws.world;
  const world = connectWorld({
    place: { kind: 'local', region, accountId, table: bare ? undefined : names.table },
    region,
    endpoint: url,
    credentials,
    now: () => aws.clock.now(),
    who: async () => 'the console of baton local',
    watch: (changed) => aws.observe({ call: (call) => tell(call, changed), event: () => changed() }),
    pollMillis: 10_000,
    local: localControls(aws, faults),
  });
  const running = await serveConsole({ world, port: 0, page: pageFolder });
  return {
    ...running,
    async close() {
      world.close();
      await running.close();
    },
  };
}

/** Writes of the table name their callback. */
function tell({ service, action, input, error }: ObservedCall, changed: (callbackId?: string) => void): void {
  if (error !== undefined) return;
  if (service === 'dynamodb' && action === 'PutItem' && input['TableName'] === names.table) {
    const { pk } = input['Item'] as { pk?: { S?: string } };
    changed(pk?.S);
  }
}
