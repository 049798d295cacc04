/**
 * Settles a callback with the outcome that somebody reports: stores it, tells Step Functions, stores what it said (L1).
 * A crash between any two steps leaves a Settling row, which the next report or the reconciler takes up again. Every
 * handler that takes outcomes calls this.
 */
import { BatonError, assertNever } from '../wire/errors.ts';
import type { Callback, Settling } from '../lifecycle/callback.ts';
import { confirmed, operatorOf, report, tellAgain, told, type Report, type ToldDecision } from '../lifecycle/settle.ts';
import type { Millis } from '../wire/millis.ts';
import type { CallbackStore, Executions, Log, LosingOutcome, TaskClient } from '../ports.ts';
import type { ReportAnswer } from '../wire/reports.ts';
import { change, type Changed } from './change.ts';

export interface SettlePorts {
  readonly store: CallbackStore;
  readonly tasks: TaskClient;
  readonly executions: Executions;
  readonly log: Log;
}

export type SettleAnswer = ReportAnswer['answer'];

/** @throws {BatonError} `NotClaimHolder` for a worker whose run does not hold the claim */
export async function settle(ports: SettlePorts, row: Callback, event: Report): Promise<SettleAnswer> {
  const { callbackId } = row;
  const { from, outcome, at } = event;
  const decided = await change(ports.store, row, (current) => report(current, event));
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
    case 'duplicate':
      return decided.answer;
    case 'ignored':
      return 'duplicate';
    case 'released':
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

/** One attempt to complete the task with the outcome that is stored, and what it came to. */
export async function completeTask(ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> {
  const { callbackId, attempts } = row;
  const said = await ports.tasks.completeTask(row.token, row.outcome);
  const refusal = said.answer === 'accepted' ? {} : { error: said.error };
  const level = said.answer === 'denied' || said.answer === 'rejected' ? 'alarm' : 'info';
  ports.log(level, 'told Step Functions', { callbackId, attempts, answer: said.answer, ...refusal });
  return conclude(ports, row, at, await change(ports.store, row, (current) => told(current, said, at)));
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
    case 'stored':
      return decided.answer;
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
  return conclude(ports, row, at, await change(ports.store, row, (current) => confirmed(current, fate, at)));
}

async function recordLosingOutcome({ log, store }: SettlePorts, outcome: LosingOutcome): Promise<void> {
  const { callbackId, verdict, by } = outcome;
  log(verdict === 'conflict' ? 'alarm' : 'info', 'outcome kept for the operator', { callbackId, verdict, by });
  await store.recordLosingOutcome(outcome);
}
