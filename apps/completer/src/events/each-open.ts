import { concurrently } from '@baton/token-lib';
import type { Callback, CallbackId, OpenCallbacks } from '@baton/token-lib';
import type { LostPorts } from '../settle-lost.ts';

export interface EventPorts extends LostPorts {
  readonly open: OpenCallbacks;
}

const AT_ONCE = 10;

/** Reads and works on each row; fails at the end if one did, so that the event comes again. */
export async function eachOpen(
  ports: EventPorts,
  callbackIds: readonly CallbackId[],
  work: (row: Callback) => Promise<unknown>,
): Promise<void> {
  const { failures } = await concurrently(callbackIds, AT_ONCE, async (callbackId) => {
    const row = await ports.store.read(callbackId);
    if (row !== undefined) await work(row);
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${callbackIds.length} callbacks failed`);
}
