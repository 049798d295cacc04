/**
 * Stores a callback, then starts its work.
 *
 * L5 The callback is durable before the work starts. Each step can be the last one: whoever dispatches the same token
 * again goes on from there.
 * L7 A newer attempt of the same work closes the older ones before its own work starts; an older one that comes late
 * does not start.
 */
import type { CallbackId } from '../wire/callback-id.ts';
import { BatonError } from '../wire/errors.ts';
import { startWork, type Starters, type Work } from '../kinds/work.ts';
import { type Callback, GONE_REASONS, type Stored } from '../lifecycle/callback.ts';
import type { DispatchContext } from '../lifecycle/dispatch-context.ts';
import { dispatched, newCallback, notStarted, startableOf, takeLease } from '../lifecycle/dispatch.ts';
import { lookDelay } from '../lifecycle/policy.ts';
import type { Reminders } from '../ports.ts';
import { failure } from '../wire/outcome.ts';
import type { TaskToken } from '../wire/task-token.ts';
import { becomeLatestAttempt, type LatestAttemptPorts } from './become-latest-attempt.ts';
import { change } from './change.ts';

export interface DispatchPorts extends LatestAttemptPorts {
  readonly starters: Starters;
  readonly reminders: Reminders;
}

export interface DispatchRequest {
  readonly token: TaskToken;
  readonly context: DispatchContext;
  readonly work: Work;
}

export interface DispatchAnswer {
  readonly callbackId: CallbackId;
  /** `Stored`: another invocation with the same token is dispatching it right now. */
  readonly state: Callback['state'];
}

/**
 * @throws {BatonError} `Superseded` where a newer attempt has taken over; the error that tells why the work could not be
 *   started, after the row was closed
 */
export async function dispatch(ports: DispatchPorts, request: DispatchRequest): Promise<DispatchAnswer> {
  const row = newCallback({ ...request, at: ports.clock() });
  const standing = await ports.store.insert(row);
  if (standing === undefined) {
    await haveLookedAfter(ports, row);
    return launch(ports, row, false);
  }
  const lease = await change(ports.store, standing, (found) => takeLease(found, ports.clock()));
  return lease.answer === 'taken' ? launch(ports, lease.next, true) : answerFor(lease.row);
}

/** Should nobody be heard of within half a heartbeat, it is asked why (L6); without a reminder the reconciler asks later. */
async function haveLookedAfter({ reminders }: DispatchPorts, { callbackId, terms }: Stored): Promise<void> {
  if (terms.heartbeatSeconds !== undefined) await reminders.remind(callbackId, lookDelay(terms.heartbeatSeconds));
}

async function launch(ports: DispatchPorts, row: Stored, resumed: boolean): Promise<DispatchAnswer> {
  const { store, starters, clock } = ports;
  const latest = await becomeLatestAttempt(ports, row);
  if (latest.state !== 'Stored') return answerFor(latest);
  const started = await startWork(starters, startableOf(latest), await store.workOf(latest), resumed);
  if (started.answer === 'started') {
    return answerFor((await change(store, latest, (current) => dispatched(current, started.receipt))).row);
  }
  const outcome = failure(`Baton.${started.code}`, started.why);
  return answerFor((await change(store, latest, (current) => notStarted(current, outcome, clock()))).row);
}

/**
 * What the state machine is told: a row that was closed without its work fails the task, today and when it is asked
 * again.
 */
function answerFor(row: Callback): DispatchAnswer {
  const { callbackId, state } = row;
  if (row.state !== 'Gone') return { callbackId, state };
  if (row.reason === 'superseded') throw new BatonError('Superseded', GONE_REASONS.superseded);
  if (row.reason === 'not-started' && row.outcome?.type === 'failure') throw BatonError.of(row.outcome);
  return { callbackId, state };
}
