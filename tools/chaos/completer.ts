/** The completer's handlers, as apps/completer has them around the operations, and the dispatcher's. */
import {
  BatonError,
  type Callback,
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
  settleByHand,
  takeReminder,
  vote,
  wasGivenWork,
  workReporter,
  type WorkSecret,
} from '@baton/token-lib';
import { type Invoked, invoke, TIMEOUTS } from './functions.ts';
import type { Ports, Services } from './ports.ts';
import type { Attempt } from './step-functions.ts';
import { deadLettered, type Given, type QueuedReport } from './workers.ts';

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

/** What is a host's answers to its runs (the claim sees to it), what is a worker's to who shows the secret of its work. */
async function rowOf({ store }: Ports, callbackId: CallbackId, secret?: WorkSecret): Promise<Callback> {
  const row = await store.read(callbackId);
  const isWorkers = row !== undefined && workReporter(row.terms) === 'worker';
  if (row === undefined || (isWorkers && !wasGivenWork(row, secret)))
    throw new BatonError('Forbidden', 'there is no such callback of this caller');
  return row;
}

/** As apps/completer has it: its function's time without the reserve. */
const SCHEDULE_TIME: Millis = TIMEOUTS.schedule - seconds(15);

function found(row: Callback | undefined): Callback {
  if (row === undefined) throw new BatonError('Forbidden', 'there is no such callback');
  return row;
}

export interface Report {
  readonly callbackId: CallbackId;
  readonly runId?: string | undefined;
  readonly secret?: WorkSecret | undefined;
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
    heartbeat: (callbackId: CallbackId, request: HeartbeatRequest, secret?: WorkSecret) =>
      on('http', pieceOf(callbackId), async (ports, at) =>
        relayHeartbeat(ports, await rowOf(ports, callbackId, secret), request, at),
      ),
    report: ({ callbackId, runId, secret, outcome }: Report) =>
      on('http', pieceOf(callbackId), async (ports, at) => {
        const row = await rowOf(ports, callbackId, secret);
        return { answer: await settle(ports, row, { from: { by: 'worker', runId }, outcome, at }) };
      }),
    vote: (callbackId: CallbackId, approver: number, decision: 'approved' | 'denied') =>
      on('http', pieceOf(callbackId), async (ports, at) => {
        const { answer, row } = await vote(ports, await rowOf(ports, callbackId), { approver, decision, at });
        // What the page says of a vote that decides.
        return { outcome: answer === 'decides' && 'outcome' in row ? row.outcome : undefined };
      }),
    callBack: (callbackId: CallbackId, outcome: Outcome) =>
      on('http', pieceOf(callbackId), async (ports, at) => {
        const row = await rowOf(ports, callbackId);
        if ('outcome' in row && row.state !== 'Gone') return { answer: 'used' as const };
        return { answer: await settle(ports, row, { from: { by: 'partner' }, outcome, at }) };
      }),
    settleByHand: (callbackId: CallbackId, outcome: Outcome) =>
      on('http', pieceOf(callbackId), async (ports, at) => {
        const operator = { who: 'operator', why: 'chaos' };
        return settleByHand(ports, await ports.store.read(callbackId).then(found), outcome, operator, at);
      }),
    /** The completions queue: a worker's report. */
    takeReport: ({ callbackId, secret, outcome }: QueuedReport) =>
      on('queue', pieceOf(callbackId), async (ports, at) => {
        const row = await rowOf(ports, callbackId, secret);
        if (outcome === 'heartbeat') return void (await relayHeartbeat(ports, row, {}, at));
        return settle(ports, row, { from: { by: 'worker' }, outcome, at });
      }),
    deadLetter: ({ callbackId, secret }: Given) =>
      on('queue', pieceOf(callbackId), async (ports, at) => {
        const row = await rowOf(ports, callbackId, secret);
        return settle(ports, row, { from: { by: 'observer' }, outcome: deadLettered, at });
      }),
    remind: (callbackId: CallbackId) =>
      on('queue', pieceOf(callbackId), (ports, at) => takeReminder(ports, callbackId, at)),
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
