/**
 * Makes a callback the newest attempt of its work (L7). Each step can be the last one, and whoever comes next finds its
 * trail: the link to the attempt before is durable before the head names the callback, and older attempts are closed
 * before the command is sent.
 */
import { type Callback, receiptOf, type Stored } from './callback.ts';
import type { CallbackId } from './callback-id.ts';
import { change } from './change.ts';
import { BatonError } from './errors.ts';
import { succeedAttempt, supersede } from './lifecycle/dispatch.ts';
import { RETENTION_SECONDS } from './policy.ts';
import type { CallbackStore, Clock, WorkHeads } from './ports.ts';

export interface TakeOverPorts {
  readonly store: CallbackStore;
  readonly heads: WorkHeads;
  readonly clock: Clock;
}

const MOST_LOSSES = 20;

/** Answers with the row as it stands then: no longer Stored where a newer attempt was faster. */
export async function takeOver(ports: TakeOverPorts, row: Stored): Promise<Callback> {
  const { store, heads, clock } = ports;
  const { callbackId, workKey, deadline } = row;
  const epoch = row.context.retryCount;
  const expiresAtSeconds = Math.ceil(deadline / 1000) + RETENTION_SECONDS;
  let current: Callback = row;
  for (let losses = 0; losses < MOST_LOSSES; losses++) {
    const standing = await heads.read(workKey);
    if (standing !== undefined && standing.epoch > epoch) {
      return (await change(store, current, (found) => supersede(found, clock()))).row;
    }
    // Another callback of the same epoch is other work: iterations of a Map that does not pass its mapIndex.
    if (standing?.epoch === epoch) return standing.callbackId === callbackId ? closeEarlier(ports, current) : current;
    if (standing !== undefined)
      current = (await change(store, current, (found) => succeedAttempt(found, standing.callbackId))).row;
    if (current.state !== 'Stored') return current;
    if (await heads.replace({ workKey, epoch, callbackId, expiresAtSeconds }, standing))
      return closeEarlier(ports, current);
  }
  throw new BatonError('Contention', 'the work changed hands faster than it could be written; try again');
}

/** Back to the last attempt whose command was sent: before that, it had closed all that were before it. */
async function closeEarlier({ store, clock }: TakeOverPorts, row: Callback): Promise<Callback> {
  let before: CallbackId | undefined = row.supersedes;
  while (before !== undefined) {
    const earlier: Callback | undefined = await store.read(before);
    if (earlier === undefined) break;
    const { row: closed } = await change(store, earlier, (found) => supersede(found, clock()));
    before = receiptOf(closed) === undefined ? closed.supersedes : undefined;
  }
  return row;
}
