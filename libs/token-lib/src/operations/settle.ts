/**
 * Settles a callback with the outcome that somebody reports: stores it, tells Step Functions, stores what it said (L1).
 * Every handler that takes outcomes calls this.
 *
 * Stored is not told. Step Functions may be throttled, or its answer may be lost, while its heartbeat clock runs on and
 * nobody beats any more. So this invocation tells it again, and then has itself reminded; meanwhile the task is kept
 * alive by a heartbeat. A worker that was answered `stored` reports again, and each report does the same. A crash between
 * any two steps leaves a Settling row, which the next report, the next reminder or the reconciler takes up.
 */
import { BatonError, assertNever } from '../wire/errors.ts';
import { type Callback, isUndecided, type Settling } from '../lifecycle/callback.ts';
import { TELL_LEASE, tellDelay } from '../lifecycle/policy.ts';
import { confirmed, operatorOf, report, tellAgain, told, type Report, type ToldDecision } from '../lifecycle/settle.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import type { CallbackStore, Executions, Log, LosingOutcome, Pause, Reminders, TaskClient } from '../ports.ts';
import type { ReportAnswer } from '../wire/reports.ts';
import { PAUSES } from '../wire/retry.ts';
import { change, type Changed } from './change.ts';

export interface SettlePorts {
  readonly store: CallbackStore;
  readonly tasks: TaskClient;
  readonly executions: Executions;
  readonly reminders: Reminders;
  readonly pause: Pause;
  readonly log: Log;
}

export type SettleAnswer = ReportAnswer['answer'];

/** @throws {BatonError} `NotClaimHolder` for a worker whose run does not hold the claim */
export async function settle(ports: SettlePorts, row: Callback, event: Report): Promise<SettleAnswer> {
  const { callbackId } = row;
  const { from, outcome, at } = event;
  // The function may die when it has stored the outcome and not told it: nobody beats for it, and its worker may not report again. Asked
  // for at the same time, a reminder takes next to no time. A host's callback has one under way already.
  const isWatched = !isUndecided(row) || row.terms.instanceId !== undefined;
  const [decided] = await Promise.all([
    change(ports.store, row, (current) => report(current, event)),
    isWatched || haveLookedAt(ports, row, TELL_LEASE),
  ]);
  ports.log('info', 'report', { callbackId, by: from.by, outcome: outcome.type, verdict: decided.answer });
  switch (decided.answer) {
    case 'tell':
      return completeTask(ports, decided.next, at);
    case 'conflict':
    case 'late': {
      const verdict = decided.answer;
      await recordLosingOutcome(ports, { callbackId, verdict, by: from.by, operator: operatorOf(from), outcome, at });
      return verdict;
    }
    case 'stored':
      return (await rouse(ports, decided.row, at)) ?? 'stored';
    case 'duplicate':
      return decided.answer;
    case 'ignored':
      await rouse(ports, decided.row, at);
      return 'duplicate';
    case 'released':
      await rouse(ports, decided.row, at);
      return 'late';
    case 'notHolder':
      throw new BatonError('NotClaimHolder', 'the runId is not that of the run that holds the claim');
    default:
      return assertNever(decided);
  }
}

/** The reconciler's replay of an outcome that Step Functions may not have been told. */
export async function settleAgain(ports: SettlePorts, row: Callback, at: Millis): Promise<SettleAnswer> {
  const decided = await change(ports.store, row, (current) => tellAgain(current, at));
  return decided.answer === 'tell' ? completeTask(ports, decided.next, at) : decided.answer;
}

/**
 * Completes the task with the outcome that is stored: an attempt, and a few more where Step Functions does not take it.
 *
 * @param failures the attempts of this invocation that have failed
 */
export async function completeTask(ports: SettlePorts, row: Settling, at: Millis, failures = 0): Promise<SettleAnswer> {
  const { callbackId, attempts } = row;
  const said = await ports.tasks.completeTask(row.token, row.outcome);
  const refusal = said.answer === 'accepted' ? {} : { error: said.error };
  const level = said.answer === 'denied' || said.answer === 'rejected' ? 'alarm' : 'info';
  ports.log(level, 'told Step Functions', { callbackId, attempts, answer: said.answer, ...refusal });
  const pause = PAUSES.tell(failures + 1);
  const retryAt = pause === undefined ? undefined : at + pause;
  const decided = await change(ports.store, row, (current) =>
    told(current, said, at, { outcome: row.outcome, retryAt }),
  );
  if (decided.answer !== 'retry' || pause === undefined) return conclude(ports, row, at, decided);
  await ports.pause(pause);
  return completeTask(ports, decided.next, at + pause, failures + 1);
}

async function conclude(
  ports: SettlePorts,
  { callbackId, by, operator, outcome }: Settling,
  at: Millis,
  decided: Changed<ToldDecision>,
): Promise<SettleAnswer> {
  switch (decided.answer) {
    case 'applied':
    case 'late':
      return decided.answer;
    case 'stored':
    case 'retry':
      // The second of two, for the case that the function which takes the first one dies: that message comes again only when its
      // visibility is over, which may be longer than the heartbeat. Where the first was attended to, this one finds nothing to do.
      if (decided.next.terms.heartbeatSeconds !== undefined)
        await haveLookedAt(ports, decided.next, 2 * reminderDelay(decided.next, at));
      return stayAwake(ports, decided.next, at);
    case 'unconfirmed':
      return confirm(ports, decided.row, at);
    case 'rejected':
      ports.log('alarm', 'outcome rejected', { callbackId });
      return 'late';
    case 'tell':
      await recordLosingOutcome(ports, { callbackId, verdict: 'rejected', by, operator, outcome, at });
      return completeTask(ports, decided.next, at);
    default:
      return assertNever(decided);
  }
}

async function confirm(ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> {
  const { callbackId } = row;
  const fate = await ports.executions.fateOf(row.context.executionArn, row.token);
  ports.log(fate.fate === 'unknown' ? 'alarm' : 'info', 'unconfirmed outcome', { callbackId, ...fate });
  const decided = await change(ports.store, row, (current) => confirmed(current, fate, at));
  if (decided.answer !== 'stored') return conclude(ports, row, at, decided);
  await haveLookedAt(ports, decided.next, reminderDelay(decided.next, at));
  return 'stored';
}

/**
 * Sees to an outcome that is stored and not told yet, on whatever occasion: whoever was to tell it may have ended without a
 * word, and nobody may come after this.
 */
export const rouse = async (ports: SettlePorts, row: Callback, at: Millis): Promise<SettleAnswer | undefined> =>
  row.state === 'Settling' ? stayAwake(ports, row, at) : undefined;

/** Nobody beats for finished work: the task lives on by this heartbeat until the reminder comes. */
export async function stayAwake(ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> {
  const answer = await keepAlive(ports, row, at);
  if (answer === 'stored') await haveLookedAt(ports, row, reminderDelay(row, at));
  return answer;
}

const reminderDelay = (row: Settling, at: Millis): Millis =>
  Math.min(row.dueAt - at, tellDelay(row.callbackId, row.attempts, row.terms.heartbeatSeconds));

/** Asks for a reminder of the callback (`attendReminder`). */
export async function haveLookedAt(
  { reminders, log }: Pick<SettlePorts, 'reminders' | 'log'>,
  { callbackId }: Callback,
  delay: Millis,
): Promise<void> {
  const sent = await reminders.remind(callbackId, Math.max(seconds(1), delay));
  if (sent.answer !== 'started') log('alarm', 'no reminder', { callbackId, answer: sent.answer });
}

/**
 * Relays a heartbeat for an outcome that is stored and not told yet.
 *
 * @returns `stored`, or what became of the outcome where Step Functions says that the task is no more
 */
async function keepAlive(ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> {
  if (row.terms.heartbeatSeconds === undefined) return 'stored';
  const said = await ports.tasks.heartbeat(row.token);
  return said.answer === 'gone' ? confirm(ports, row, at) : 'stored';
}

async function recordLosingOutcome({ log, store }: SettlePorts, outcome: LosingOutcome): Promise<void> {
  const { callbackId, verdict, by } = outcome;
  log(verdict === 'conflict' ? 'alarm' : 'info', 'outcome kept for the operator', { callbackId, verdict, by });
  await store.recordLosingOutcome(outcome);
}
