/**
 * What AWS says has ended. Events come late, twice, out of order or not at all: each is applied to the row as it stands,
 * so that none can do harm; what never comes is found by the reconciler (L6).
 */
import { concurrently } from '../concurrently.ts';
import { errorName } from '../wire/errors.ts';
import { FailureName } from '../wire/errors.ts';
import type { CallbackId } from '../wire/callback-id.ts';
import { type Callback, receiptOf } from '../lifecycle/callback.ts';
import { commandEnded, hostWarned, taskClosed } from '../lifecycle/observe.ts';
import { reportGrace } from '../lifecycle/policy.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import { failure } from '../wire/outcome.ts';
import type { CommandObserver, Invocation, OpenCallbacks } from '../ports.ts';
import { change } from './change.ts';
import { haveLookedAt, rouse, settle, type SettleAnswer, type SettlePorts } from './settle.ts';
import { taskIsGone } from './task-is-gone.ts';

export interface ObservePorts extends SettlePorts {
  readonly open: OpenCallbacks;
  readonly observer: CommandObserver;
}

const MAX_AT_ONCE = 10;
const STDERR_SHOWN = 2_000;

export interface EndedCommand {
  readonly commandId: string;
  /** SSM's word, e.g. `Failed`. */
  readonly status: string;
}

/** SSM: a command has ended. The command's Comment names the callback. */
export async function observeCommandEnd(ports: ObservePorts, ended: EndedCommand, at: Millis): Promise<void> {
  const { commandId, status } = ended;
  const callbackId = await ports.observer.callbackIdOf(commandId);
  if (callbackId === undefined) return ports.log('info', 'a command of nobody ended', { commandId, status });
  const row = await ports.store.read(callbackId);
  if (row !== undefined) await applyCommandEnd(ports, row, ended, at);
}

/** The end of a command, as an event or an inquiry tells of it. */
export async function applyCommandEnd(
  ports: Omit<ObservePorts, 'open'>,
  row: Callback,
  { commandId, status }: EndedCommand,
  at: Millis,
): Promise<void> {
  const { callbackId } = row;
  const decided = await change(ports.store, row, (current) =>
    commandEnded(current, { receipt: commandId, status, at }),
  );
  ports.log('info', 'command ended', { callbackId, commandId, status, verdict: decided.answer });
  if (decided.answer === 'lost') await settleLostJob(ports, decided.next, at);
  if (decided.answer === 'watch') await watch(ports, decided.next, at);
  if (decided.answer === 'ignored') await rouse(ports, decided.row, at);
}

/** The job does not beat any more: the task lives on by this heartbeat while the worker's report has its grace. */
async function watch(ports: SettlePorts, row: Callback, at: Millis): Promise<void> {
  if (row.terms.heartbeatSeconds === undefined || (await taskIsGone(ports, row, at))) return;
  await haveLookedAt(ports, row, reportGrace(row.terms));
}

/**
 * Fails a callback whose command has ended without a report: with SSM's status, and the end of what was written to
 * stderr (L6).
 */
export async function settleLostJob(
  ports: Omit<ObservePorts, 'open'>,
  row: Callback,
  at: Millis,
): Promise<SettleAnswer> {
  const instanceId = row.terms.instanceId ?? '';
  const commandId = receiptOf(row) ?? '';
  const invocation = await invocationOf(ports, commandId, instanceId);
  const status =
    invocation?.statusDetails ?? (row.state === 'Dispatched' ? row.observed?.status : undefined) ?? 'unknown';
  const what = row.run === undefined ? 'the job was never claimed' : 'the job did not report its outcome';
  const lines = [`command ${commandId} on host ${instanceId} has ended (SSM status: ${status}), and ${what}`];
  if (invocation !== undefined && invocation.stderr !== '')
    lines.push(`stderr ends with:\n${invocation.stderr.slice(-STDERR_SHOWN)}`);
  const outcome = failure(FailureName.jobLost, lines.join('; '));
  return settle(ports, row, { from: { by: 'observer' }, outcome, at, unheardSince: row.run?.lastContactAt ?? 0 });
}

/** The details are welcome, not needed. */
async function invocationOf(
  { observer, log }: Pick<ObservePorts, 'observer' | 'log'>,
  commandId: string,
  instanceId: string,
): Promise<Invocation | undefined> {
  try {
    return await observer.invocation(commandId, instanceId);
  } catch (error) {
    log('info', 'no details of the command', { commandId, name: errorName(error) });
    return undefined;
  }
}

export interface EndedHost {
  readonly instanceId: string;
  /** EC2's word, e.g. `terminated`. */
  readonly state: string;
}

/** What ends a run; a host that is `stopping` or `shutting-down` goes on until the shutdown reaches the job. */
const HOST_IS_OFF = new Set(['stopped', 'terminated']);

/**
 * EC2: a host is going or gone. Its tasks fail at once, because nothing that it reports can be trusted to come (L6); its
 * runs are over when it is off (L7), which may be said after their callbacks have been closed.
 */
export async function observeHostEnd(ports: ObservePorts, { instanceId, state }: EndedHost, at: Millis): Promise<void> {
  // The event may be an old one of a host that has been started again. Its time has whole seconds.
  const before = at + seconds(1);
  await eachOpen(ports, await ports.open.ofInstance(instanceId), async (row) => {
    if ((row.run?.claimedAt ?? row.createdAt) < before) await settleLostHost(ports, row, state, at);
  });
}

/** @param state EC2's word for a host that is going or gone */
export function settleLostHost(ports: SettlePorts, row: Callback, state: string, at: Millis): Promise<SettleAnswer> {
  const outcome = failure(FailureName.hostLost, `host ${row.terms.instanceId} is ${state}; the job on it is lost`);
  const runIsOver = HOST_IS_OFF.has(state);
  return settle(ports, row, { from: { by: 'observer' }, outcome, at, runIsOver });
}

/** The Spot market gives two minutes' notice, which a job may be shorter than: it is marked, and nothing else. */
export async function observeHostWarning(
  ports: ObservePorts,
  { instanceId, action }: { readonly instanceId: string; readonly action: string },
  at: Millis,
): Promise<void> {
  await eachOpen(ports, await ports.open.ofInstance(instanceId), (row) =>
    change(ports.store, row, (current) => hostWarned(current, action, at)),
  );
}

/**
 * Step Functions: an execution has ended. Nobody waits for its callbacks any more: they are closed, their workers hear
 * `stop` at the next heartbeat, and what does not obey is cancelled by the reconciler. A callback that is younger than the
 * stop belongs to a redrive.
 */
export async function observeExecutionEnd(
  ports: ObservePorts,
  { executionArn, stoppedAt }: { readonly executionArn: string; readonly stoppedAt: Millis },
  at: Millis,
): Promise<void> {
  await eachOpen(ports, await ports.open.ofExecution(executionArn), async (row) => {
    if (row.createdAt <= stoppedAt)
      await change(ports.store, row, (current) => taskClosed(current, 'execution-ended', at));
  });
}

/** @throws {AggregateError} where one failed, after all had their turn: the event comes again */
async function eachOpen(
  { store }: ObservePorts,
  callbackIds: readonly CallbackId[],
  work: (row: Callback) => Promise<unknown>,
): Promise<void> {
  const { failures } = await concurrently(callbackIds, MAX_AT_ONCE, async (callbackId) => {
    const row = await store.read(callbackId);
    if (row !== undefined) await work(row);
  });
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${callbackIds.length} callbacks failed`);
}
