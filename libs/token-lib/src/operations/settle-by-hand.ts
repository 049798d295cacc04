import { assertNever } from '../wire/errors.ts';
import { longestSilenceSeconds } from '../kinds/work.ts';
import { type Callback, GONE_REASONS, isOpen, type Operator } from '../lifecycle/callback.ts';
import type { Millis } from '../wire/millis.ts';
import { type Outcome, sameOutcome } from '../wire/outcome.ts';
import type { TaskAnswer } from '../lifecycle/send-task-errors.ts';
import { settle, type SettleAnswer, type SettlePorts } from './settle.ts';

export interface SettledByHand {
  readonly callbackId: string;
  readonly answer: SettleAnswer;
  readonly prevailed: boolean;
  readonly message: string;
  readonly operator: Operator;
}

/** Takes the same way as a worker's report: stored with who and why, then told once (L1, L2). */
export async function settleByHand(
  { store, tasks, executions }: Pick<SettlePorts, 'store' | 'tasks' | 'executions'>,
  row: Callback,
  outcome: Outcome,
  operator: Operator,
  at: Millis,
): Promise<SettledByHand> {
  const { callbackId } = row;
  let said: TaskAnswer | undefined;
  const completeTask: typeof tasks.completeTask = async (token, given) =>
    (said = await tasks.completeTask(token, given));
  // A person waits for the answer: what is not taken at once is told again by the platform.
  const pause = async (): Promise<void> => undefined;
  const reminders: SettlePorts['reminders'] = {
    remind: async () => ({ answer: 'again', why: 'the reconciler tells it again' }),
  };
  const ports = { store, executions, reminders, pause, tasks: { ...tasks, completeTask }, log: () => undefined };
  const answer = await settle(ports, row, { from: { by: 'operator', operator }, outcome, at });
  const standing = (await store.read(callbackId)) ?? row;
  return { callbackId, answer, ...explain({ outcome, answer, row: standing, said }), operator };
}

export interface Given {
  readonly outcome: Outcome;
  readonly answer: SettleAnswer;
  /** The row as it stands now. */
  readonly row: Callback;
  /** What Step Functions said when it was told, if it was. */
  readonly said?: TaskAnswer | undefined;
}

/** `prevailed`: the operator's outcome is what the task ended, or will end, with. */
export interface Explanation {
  readonly prevailed: boolean;
  readonly message: string;
}

export function explain(given: Given): Explanation {
  const { outcome, answer, row, said } = given;
  const standing = outcomeOf(row);
  const prevailed = standing !== undefined && sameOutcome(standing, outcome);
  switch (answer) {
    case 'applied':
      return prevailed
        ? { prevailed, message: `Step Functions took the outcome: the task has ${ended(outcome)}.${stopping(row)}` }
        : {
            prevailed,
            message: `Step Functions did not take that outcome: the task has ${ended(standing ?? outcome)} instead.`,
          };
    case 'stored':
      return {
        prevailed: true,
        message: `The outcome is stored; ${notYet(said)}, and is told again by the reconciler.${stopping(row)}`,
      };
    case 'duplicate':
      return { prevailed: true, message: `The same outcome had come before${by(row)}; nothing was changed.` };
    case 'conflict':
      return {
        prevailed: false,
        message: `Another outcome came first: ${named(standing ?? outcome)}${by(row)}. It stands, and yours is kept beside it.`,
      };
    case 'late':
      return {
        prevailed: false,
        message: `Nobody waits for it any more: ${whyLate(row)}. Yours is kept for whoever looks.`,
      };
    default:
      return assertNever(answer);
  }
}

const outcomeOf = (row: Callback): Outcome | undefined => ('outcome' in row ? row.outcome : undefined);

const ended = (outcome: Outcome): string => (outcome.type === 'success' ? 'succeeded' : `failed with ${outcome.error}`);

const named = (outcome: Outcome): string => (outcome.type === 'success' ? 'a success' : `the failure ${outcome.error}`);

const by = (row: Callback): string => ('by' in row ? ` (by the ${row.by})` : '');

function stopping({ run, terms }: Callback): string {
  if (run === undefined || run.releasedAt !== undefined) return '';
  return ` The job that still runs is told to stop at its next heartbeat, within ${longestSilenceSeconds(terms)} seconds.`;
}

function notYet(said: TaskAnswer | undefined): string {
  if (said === undefined || said.answer === 'accepted') return 'Step Functions is being told';
  if (said.answer === 'denied') return `Step Functions did not let you tell it (${said.error})`;
  return `Step Functions has not taken it yet (${said.error})`;
}

function whyLate(row: Callback): string {
  if (row.state === 'Gone') return GONE_REASONS[row.reason];
  return isOpen(row) ? 'its row is being closed' : 'it is settled';
}
