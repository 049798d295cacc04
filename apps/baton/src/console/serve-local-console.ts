/** The console of `baton local`: it asks the local AWS as it asks AWS, over HTTP, and is told of changes in this process. */
import { type ConsoleWorld, type RunningConsole, serveConsole } from '@baton/console';
import type { LocalAws, ObservedCall } from '@baton/local-aws';
import { names, productFolder } from '@baton/local-platform';
import { connectOperator } from '@baton/token-lib/aws';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles } from '../build-bundles.ts';

/** The built page. */
const pageFolder = join(productFolder, 'apps/console/dist');

/** The account's root user, as unknown keys are. */
const credentials = { accessKeyId: 'console', secretAccessKey: 'console' };

export async function serveLocalConsole(
  aws: LocalAws,
  { url, bare }: { readonly url: string; readonly bare: boolean },
): Promise<RunningConsole> {
  // The bare one starts without a build where it can.
  if (!existsSync(pageFolder)) buildBundles(undefined, '@baton/console');
  const { region, accountId } = aws.world;
  const callbacks = bare ? undefined : connectOperator({ tableName: names.table, region, endpoint: url, credentials });
  const world: ConsoleWorld = {
    place: { kind: 'local', region, accountId, table: bare ? undefined : names.table },
    callbacks,
    now: () => aws.clock.now(),
    who: async () => 'the console of baton local',
    watch: (changed) => aws.observe({ call: (call) => tell(call, changed), event: () => changed() }),
    pollMillis: 10_000,
  };
  const running = await serveConsole({ world, port: 0, page: pageFolder });
  return {
    ...running,
    async close() {
      callbacks?.close();
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
