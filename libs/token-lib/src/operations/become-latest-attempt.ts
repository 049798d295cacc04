/**
 * Makes a callback the newest attempt of its work (L7). Each step can be the last one, and whoever comes next finds its
 * trail: the link to the attempt before is durable before the work names the callback, and older attempts are closed
 * before the command is sent.
 */
import type { CallbackId } from '../wire/callback-id.ts';
import { BatonError } from '../wire/errors.ts';
import { type Callback, receiptOf, type Stored } from '../lifecycle/callback.ts';
import { linkToPredecessor, supersede } from '../lifecycle/dispatch.ts';
import { RETENTION_SECONDS } from '../lifecycle/policy.ts';
import type { CallbackStore, Clock, LatestAttempts } from '../ports.ts';
import { change, MAX_LOSSES } from './change.ts';

export interface LatestAttemptPorts {
  readonly store: CallbackStore;
  readonly latestAttempts: LatestAttempts;
  readonly clock: Clock;
}

/** Returns the row as it stands then: no longer Stored where a newer attempt was faster. */
export async function becomeLatestAttempt(ports: LatestAttemptPorts, row: Stored): Promise<Callback> {
  const { store, latestAttempts, clock } = ports;
  const { callbackId, workKey, deadline } = row;
  const epoch = row.context.retryCount;
  const expiresAtSeconds = Math.ceil(deadline / 1000) + RETENTION_SECONDS;
  let current = row;
  for (let losses = 0; losses < MAX_LOSSES; losses++) {
    const latest = await latestAttempts.read(workKey);
    if (latest !== undefined && latest.epoch > epoch) {
      return (await change(store, current, (found) => supersede(found, clock()))).row;
    }
    // Another callback of the same epoch is other work: iterations of a Map that does not pass its mapIndex.
    if (latest?.epoch === epoch) return latest.callbackId === callbackId ? closeEarlier(ports, current) : current;
    if (latest !== undefined) {
      const linked = await change(store, current, (found) => linkToPredecessor(found, latest.callbackId));
      if (linked.answer === 'overtaken') return linked.row;
      current = linked.row;
    }
    if (await latestAttempts.replace({ workKey, epoch, callbackId, expiresAtSeconds }, latest))
      return closeEarlier(ports, current);
  }
  throw new BatonError('Contention', 'the work changed hands faster than it could be written; try again');
}

/** Back to the last attempt whose command was sent: before that, it had closed all that were before it. */
async function closeEarlier({ store, clock }: LatestAttemptPorts, row: Callback): Promise<Callback> {
  let before: CallbackId | undefined = row.supersedes;
  while (before !== undefined) {
    const earlier: Callback | undefined = await store.read(before);
    if (earlier === undefined) break;
    const { row: closed } = await change(store, earlier, (found) => supersede(found, clock()));
    before = receiptOf(closed) === undefined ? closed.supersedes : undefined;
  }
  return row;
}
