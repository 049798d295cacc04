/**
 * Settles a callback with the outcome that somebody reports: stores it, tells Step Functions, stores what it said (L1).
 * A crash between any two steps leaves a Settling row, which the next report or the reconciler takes up again. Every
 * door that takes outcomes calls this.
 */
import type { Callback, Settling } from './callback.ts';
import type { CallbackId } from './callback-id.ts';
import { change } from './change.ts';
import { BatonError, assertNever } from './errors.ts';
import { confirmed, operatorOf, report, tellAgain, told, type Report, type ToldVerdict } from './lifecycle/settle.ts';
import type { Millis } from './millis.ts';
import type { CallbackStore, Executions, KeptOutcome, Log, TaskClient } from './ports.ts';
import type { ReportAnswer } from './reports.ts';

export interface SettlePorts {
  readonly store: CallbackStore;
  readonly tasks: TaskClient;
  readonly executions: Executions;
  readonly log: Log;
}

export type SettleAnswer = ReportAnswer['answer'];

/**
 * A row at hand saves a read.
 * @throws {BatonError} `NotClaimHolder` for a worker whose run does not hold the claim
 */
export async function settle(ports: SettlePorts, target: CallbackId | Callback, event: Report): Promise<SettleAnswer> {
  const { row, answer } = await change(ports.store, target, (row) => report(row, event));
  const { callbackId } = row;
  ports.log('info', 'report', { callbackId, by: event.from.by, outcome: event.outcome.type, verdict: answer });
  switch (answer) {
    case 'tell':
      return tell(ports, row as Settling, event.at);
    case 'conflict':
    case 'late':
      await keep(ports, {
        callbackId,
        verdict: answer,
        by: event.from.by,
        operator: operatorOf(event.from),
        outcome: event.outcome,
        at: event.at,
      });
      return answer;
    case 'stored':
    case 'duplicate':
      return answer;
    case 'ignored':
      return 'duplicate';
    case 'released':
      return 'late';
    case 'notHolder':
      throw new BatonError('NotClaimHolder', 'the runId is not that of the run that holds the claim');
    default:
      return assertNever(answer);
  }
}

/** The reconciler's replay of an outcome that may not have been told. */
export async function settleAgain(
  ports: SettlePorts,
  target: CallbackId | Callback,
  at: Millis,
): Promise<SettleAnswer> {
  const { row, answer } = await change(ports.store, target, (row) => tellAgain(row, at));
  return answer === 'tell' ? tell(ports, row as Settling, at) : 'stored';
}

/** Tells what another rule than `report` has decided and stored, e.g. the vote that was still missing. */
export const settleDecided = (ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> =>
  tell(ports, row, at);

async function tell(ports: SettlePorts, row: Settling, at: Millis): Promise<SettleAnswer> {
  const { callbackId, attempts } = row;
  const said = await ports.tasks.tell(row.token, row.outcome);
  const refusal = said.answer === 'accepted' ? {} : { error: said.error };
  const level = said.answer === 'denied' || said.answer === 'rejected' ? 'alarm' : 'info';
  ports.log(level, 'told Step Functions', { callbackId, attempts, answer: said.answer, ...refusal });
  return conclude(ports, row, at, await change(ports.store, row, (current) => told(current, said, at)));
}

async function conclude(
  ports: SettlePorts,
  before: Settling,
  at: Millis,
  { row, answer }: { row: Callback; answer: ToldVerdict },
): Promise<SettleAnswer> {
  const { callbackId, by, operator, outcome } = before;
  switch (answer) {
    case 'applied':
    case 'late':
    case 'stored':
      return answer;
    case 'unconfirmed': {
      const fate = await ports.executions.fateOf(before.context.executionArn, before.token);
      ports.log(fate.fate === 'unknown' ? 'alarm' : 'info', 'unconfirmed outcome', { callbackId, ...fate });
      return conclude(ports, before, at, await change(ports.store, row, (current) => confirmed(current, fate, at)));
    }
    case 'rejected':
      ports.log('alarm', 'outcome rejected', { callbackId });
      return 'late';
    case 'tell':
      await keep(ports, { callbackId, verdict: 'rejected', by, operator, outcome, at });
      return tell(ports, row as Settling, at);
    default:
      return assertNever(answer);
  }
}

async function keep(ports: SettlePorts, outcome: KeptOutcome): Promise<void> {
  const { callbackId, verdict, by } = outcome;
  ports.log(verdict === 'conflict' ? 'alarm' : 'info', 'outcome kept for the operator', { callbackId, verdict, by });
  await ports.store.keep(outcome);
}
