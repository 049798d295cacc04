/** The completer's handlers, as apps/completer has them around the operations, and the dispatcher's. */
import {
  attendReminder,
  BatonError,
  type CallbackId,
  claim,
  type ClaimRequest,
  dispatch,
  type DispatchPorts,
  type HeartbeatRequest,
  type Millis,
  observeCommandEnd,
  observeExecutionEnd,
  observeHostEnd,
  type Outcome,
  reconcile,
  relayHeartbeat,
  seconds,
  settle,
} from '@baton/token-lib';
import { type Invoked, invoke, TIMEOUTS } from './functions.ts';
import type { Ports, Services } from './ports.ts';
import type { Attempt } from './step-functions.ts';

/** Who may come: an exception that a handler answers with a status of its own. */
const REFUSALS = ['Forbidden', 'NotClaimHolder'];
/** What the dispatcher says to the state machine. */
const DISPATCH_REFUSALS = [
  'Superseded',
  'HostNotAvailable',
  'DispatchFailed',
  'TargetNotFound',
  'WebhookNotDelivered',
  'Unavailable',
];

async function rowOf({ store }: Ports, callbackId: CallbackId) {
  const row = await store.read(callbackId);
  if (row === undefined) throw new BatonError('Forbidden', 'there is no such callback of this caller');
  return row;
}

/** As apps/completer has it: its function's time without the reserve. */
const SCHEDULE_TIME: Millis = TIMEOUTS.schedule - seconds(15);

export interface Report {
  readonly callbackId: CallbackId;
  readonly runId?: string | undefined;
  readonly outcome: Outcome;
}

export type Completer = ReturnType<typeof completer>;

/** @param starters of what does not start on hosts */
export function completer(services: Services, starters: (ports: Ports) => DispatchPorts['starters']) {
  const { time, pieceOf, stepFunctions } = services;
  const on = <T>(
    name: keyof typeof TIMEOUTS,
    piece: string | undefined,
    handle: (ports: Ports, at: Millis) => Promise<T>,
    expected: readonly string[] = REFUSALS,
  ): Promise<Invoked<T>> => {
    // When the request came in, whatever happens then.
    const at = time.now();
    return invoke(services, { name, timeout: TIMEOUTS[name], expected, piece, handle: (ports) => handle(ports, at) });
  };
  /** The times of events have whole seconds. */
  const eventTime = (at: Millis): Millis => Math.floor(at / 1000) * 1000;

  return {
    dispatch: (attempt: Attempt, work: Parameters<typeof dispatch>[1]['work']) =>
      on(
        'dispatcher',
        attempt.piece.name,
        (ports) =>
          dispatch(
            { ...ports, starters: starters(ports) },
            { token: attempt.token, context: stepFunctions.contextOf(attempt), work },
          ),
        DISPATCH_REFUSALS,
      ),
    claim: (callbackId: CallbackId, request: ClaimRequest) =>
      on('http', pieceOf(callbackId), async (ports, at) => claim(ports, await rowOf(ports, callbackId), request, at)),
    heartbeat: (callbackId: CallbackId, request: HeartbeatRequest) =>
      on('http', pieceOf(callbackId), async (ports, at) =>
        relayHeartbeat(ports, await rowOf(ports, callbackId), request, at),
      ),
    report: ({ callbackId, runId, outcome }: Report) =>
      on('http', pieceOf(callbackId), async (ports, at) => {
        const row = await rowOf(ports, callbackId);
        return { answer: await settle(ports, row, { from: { by: 'worker', runId }, outcome, at }) };
      }),
    remind: (callbackId: CallbackId) =>
      on('queue', pieceOf(callbackId), async (ports, at) => {
        const row = await ports.store.read(callbackId);
        if (row !== undefined) await attendReminder(ports, row, at);
      }),
    commandEnded: (commandId: string, status: string, at: Millis) =>
      on('events', undefined, (ports) => observeCommandEnd(ports, { commandId, status }, eventTime(at))),
    hostEnded: (instanceId: string, state: string, at: Millis) =>
      on('events', undefined, (ports) => observeHostEnd(ports, { instanceId, state }, eventTime(at))),
    executionEnded: (executionArn: string, stoppedAt: Millis) =>
      on('events', undefined, (ports) => observeExecutionEnd(ports, { executionArn, stoppedAt }, eventTime(stoppedAt))),
    tick: () =>
      on('schedule', undefined, (ports, at) =>
        reconcile(ports, eventTime(at), { clock: ports.clock, until: at + SCHEDULE_TIME, measured: () => undefined }),
      ),
  };
}
