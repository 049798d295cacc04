/**
 * Stores a callback, then starts its work.
 *
 * L5 The callback is durable before the work starts. Each step can be the last one: whoever dispatches the same token
 * again goes on from there.
 * L7 A newer attempt of the same work closes the older ones before its own work starts; an older one that comes late
 * does not start.
 */
import {
  BatonError,
  type Callback,
  type CallbackId,
  type CallbackStore,
  change,
  type Clock,
  dispatched,
  failure,
  type Log,
  newCallback,
  notStarted,
  type Stored,
  takeLease,
  takeOver,
  type WorkHeads,
} from '@baton/token-lib';
import type { DispatchRequest } from './request.ts';
import { startWith, type Starters } from './starter.ts';

export interface DispatchPorts {
  readonly store: CallbackStore;
  readonly heads: WorkHeads;
  readonly starters: Starters;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DispatchAnswer {
  readonly callbackId: CallbackId;
  /** `Stored`: another invocation with the same token is dispatching it right now. */
  readonly state: Callback['state'];
}

/**
 * @throws {BatonError} `Superseded` where a newer attempt has taken over
 * @throws an error of the name that tells why the work could not be started, after the row was closed
 */
export async function dispatch(ports: DispatchPorts, request: DispatchRequest): Promise<DispatchAnswer> {
  const row = newCallback({ ...request, at: ports.clock() });
  const standing = await ports.store.insert(row);
  if (standing === undefined) return launch(ports, row, false);

  const { row: current, answer } = await change(ports.store, standing, (found) => takeLease(found, ports.clock()));
  if (answer === 'taken' && current.state === 'Stored') return launch(ports, current, true);
  return answerFor(current);
}

async function launch(ports: DispatchPorts, row: Stored, resumed: boolean): Promise<DispatchAnswer> {
  const linked = await takeOver(ports, row);
  if (linked.state !== 'Stored') return answerFor(linked);
  const started = await startWith(ports.starters, linked, await ports.store.workOf(linked), resumed);
  if (started.started) {
    const { row: sent } = await change(ports.store, linked, (current) => dispatched(current, started.receipt));
    return answerFor(sent);
  }
  const outcome = failure(`Baton.${started.code}`, started.why);
  const { row: closed } = await change(ports.store, linked, (current) => notStarted(current, outcome, ports.clock()));
  return answerFor(closed);
}

/**
 * What the state machine is told: a row that was closed without its work fails the task, today and when it is asked
 * again.
 */
function answerFor(row: Callback): DispatchAnswer {
  if (row.state === 'Gone' && row.reason === 'superseded') {
    throw new BatonError('Superseded', 'a newer attempt of the same work has taken over');
  }
  if (row.state === 'Gone' && row.reason === 'not-started' && row.outcome?.type === 'failure') {
    throw Object.assign(new Error(row.outcome.cause), { name: row.outcome.error });
  }
  return { callbackId: row.callbackId, state: row.state };
}
