/**
 * The second way to an end for every callback (L6): whatever a crash, a lost event or a lost answer has left lying is
 * taken up here, at the time that stands in its row.
 */
import { concurrently } from '../concurrently.ts';
import type { CallbackId } from '../wire/callback-id.ts';
import { errorName } from '../wire/errors.ts';
import { type Callback, type Dispatched, type Gone, isOpen } from '../lifecycle/callback.ts';
import { cancelled, review, taskClosed } from '../lifecycle/observe.ts';
import type { Millis } from '../wire/millis.ts';
import type { Clock } from '../ports.ts';
import { change } from './change.ts';
import { askAfter, type AskPorts } from './ask-after.ts';
import { type ObservePorts, settleLostJob } from './observe.ts';
import { resolveDispatch, type ResolvePorts } from './resolve-dispatch.ts';
import { settleAgain } from './settle.ts';

export interface ReconcilePorts extends ObservePorts, AskPorts, ResolvePorts {}

/** What a run has seen, as figures that alarms watch. */
export interface Measures {
  /** Callbacks that were to be looked at. */
  readonly due: number;
  /** Age of the oldest that is open, due or not. */
  readonly oldestOpen: Millis;
  /** How long the task of an open callback should have been over. */
  readonly longestOverdue: Millis;
  /** For how long Step Functions has not taken an outcome that is decided. */
  readonly oldestSettling: Millis;
}

/** As many as the indexes list in a second; what there is no time for is the longest overdue of the next run. */
const MAX_ROWS_A_RUN = 20_000;
/** Of the rows that are due, those that are looked at for measures: the longest overdue. */
const MAX_MEASURED = 500;
const MAX_AT_ONCE = 20;
/** GetExecutionHistory refills at 20 calls a second for the whole account; half a second's worth a minute is ours. */
const MAX_INQUIRIES_A_RUN = 25;

/** How long a run may go on, and who is told its measures before it begins its work. */
export interface Shift {
  readonly clock: Clock;
  /** No row is taken up from then on. */
  readonly until: Millis;
  readonly measured: (measures: Measures) => void;
}

const UNLIMITED: Shift = { clock: () => 0, until: Infinity, measured: () => undefined };

/**
 * Measures, then attends to what is due until nothing is left or the time is used: outcomes that are to be told come first.
 *
 * @param at the time of the clock's event
 */
export async function reconcile(ports: ReconcilePorts, at: Millis, shift = UNLIMITED): Promise<Measures> {
  const due = await ports.open.due(at, MAX_ROWS_A_RUN);
  const measuring = measure(ports, due, at).then((measures) => {
    shift.measured(measures);
    return measures;
  });
  // Whatever is wrong with a measure, what is due is attended to.
  await measuring.catch(() => undefined);
  await attendAll(ports, due, at, shift);
  return measuring;
}

async function attendAll(
  ports: ReconcilePorts,
  due: readonly CallbackId[],
  at: Millis,
  { clock, until }: Shift,
): Promise<void> {
  const budget = { inquiries: MAX_INQUIRIES_A_RUN };
  const done: Record<string, number> = {};
  const startedAt = clock();
  await concurrently(due, MAX_AT_ONCE, async (callbackId) => {
    const now = clock();
    if (now >= until) return void (done['left'] = (done['left'] ?? 0) + 1);
    try {
      const found = await ports.store.read(callbackId);
      if (found === undefined) return;
      const what = await attend(ports, found, at + (now - startedAt), budget);
      done[what] = (done[what] ?? 0) + 1;
    } catch (error) {
      ports.log('alarm', 'not reconciled', { callbackId, name: errorName(error) });
    }
  });
  ports.log('info', 'reconciled', { due: due.length, ...done });
}

/** Before anything is done, so that a run which is cut off has told what it saw. */
async function measure({ open, store }: ReconcilePorts, due: readonly CallbackId[], at: Millis): Promise<Measures> {
  const seen: Callback[] = [];
  // A row that cannot be read is named when it is attended to.
  await concurrently(due.slice(0, MAX_MEASURED), MAX_AT_ONCE, async (callbackId) => {
    const found = await store.read(callbackId);
    if (found !== undefined) seen.push(found);
  });
  return measuresOf({ seen, due: due.length, openSince: await open.oldest() }, at);
}

/**
 * @param seen the callbacks as they were found, before anything was done about them
 * @param openSince of the oldest of all
 */
export function measuresOf(
  { seen, due, openSince }: { seen: readonly Callback[]; due: number; openSince: Millis | undefined },
  at: Millis,
): Measures {
  const open = seen.filter(isOpen);
  return {
    due,
    oldestOpen: openSince === undefined ? 0 : Math.max(0, at - openSince),
    longestOverdue: Math.max(0, ...open.map((row) => at - row.deadline)),
    oldestSettling: Math.max(0, ...open.map((row) => (row.state === 'Settling' ? at - row.decidedAt : 0))),
  };
}

interface Budget {
  inquiries: number;
}

async function attend(ports: ReconcilePorts, found: Callback, at: Millis, budget: Budget): Promise<string> {
  // Asked for before the row is moved: what the budget has no room for stays due, and is the next run's.
  const mayInquire = budget.inquiries > 0;
  if (mayInquire) budget.inquiries -= 1;
  const decided = await change(ports.store, found, (current) => review(current, at, mayInquire));
  if (mayInquire && decided.answer !== 'inquire') budget.inquiries += 1;
  switch (decided.answer) {
    case 'findCommand':
      await resolveDispatch(ports, decided.row, at);
      break;
    case 'tell':
      await settleAgain(ports, decided.row, at);
      break;
    case 'lost':
      await settleLostJob(ports, decided.row, at);
      break;
    case 'inquire':
      await inquire(ports, decided.next, at);
      break;
    case 'cancel':
      await cancel(ports, decided.row);
      break;
    case 'nothing':
      break;
  }
  return decided.answer;
}

/** Silent or overdue: an event may have been lost. SSM knows of the command, EC2 of the host, Step Functions of the task. */
async function inquire(ports: ReconcilePorts, row: Dispatched, at: Millis): Promise<void> {
  if (await askAfter(ports, row, at)) return;
  const { callbackId, context } = row;
  const fate = await ports.executions.fateOf(context.executionArn, row.token);
  ports.log('info', 'inquired', { callbackId, ...fate });
  if (fate.fate !== 'open' && fate.fate !== 'unknown') {
    await change(ports.store, row, (current) => taskClosed(current, 'task-closed', at));
  }
}

/** The last word to what did not stop when it was told: the agent kills its process group. */
async function cancel(ports: ReconcilePorts, row: Gone): Promise<void> {
  const { callbackId, receipt, terms } = row;
  if (receipt !== undefined && terms.instanceId !== undefined) {
    await ports.observer.cancel(receipt);
    ports.log('info', 'command cancelled', { callbackId, commandId: receipt });
  }
  await change(ports.store, row, cancelled);
}
