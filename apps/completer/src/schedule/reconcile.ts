/**
 * The second way to an end for every callback (L6): whatever a crash, a lost event or a lost answer has left lying is
 * taken up here, at the time that stands in its row.
 */
import {
  concurrently,
  type Callback,
  cancelled,
  change,
  type CommandSender,
  commandEnded,
  type Dispatched,
  dispatched,
  errorName,
  failure,
  FailureName,
  type Millis,
  type OpenCallbacks,
  review,
  settle,
  settleAgain,
  type Stored,
  taskClosed,
} from '@baton/token-lib';
import { type LostPorts, settleLost } from '../settle-lost.ts';
import { type Measures, measuresOf } from './measures.ts';

export interface ReconcilePorts extends LostPorts {
  readonly open: OpenCallbacks;
  readonly sender: Pick<CommandSender, 'find'>;
  readonly measure: (measures: Measures, at: Millis) => void;
}

/** What is left over is the longest overdue of the next minute. */
const ROWS_A_RUN = 500;
const AT_ONCE = 10;
/** GetExecutionHistory refills at 20 calls a second for the whole account; half a second's worth a minute is ours. */
const INQUIRIES_A_RUN = 25;

/** SSM's words for an invocation that will not go on. */
const ENDED = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled']);

export async function reconcile(ports: ReconcilePorts, at: Millis): Promise<void> {
  const due = await ports.open.due(at, ROWS_A_RUN);
  const budget = { inquiries: INQUIRIES_A_RUN };
  const done: Record<string, number> = {};
  const seen: Callback[] = [];
  await concurrently(due, AT_ONCE, async (callbackId) => {
    try {
      const found = await ports.store.read(callbackId);
      if (found === undefined) return;
      seen.push(found);
      const what = await attend(ports, found, at, budget);
      done[what] = (done[what] ?? 0) + 1;
    } catch (error) {
      ports.log('alarm', 'not reconciled', { callbackId, name: errorName(error) });
    }
  });
  ports.log('info', 'reconciled', { due: due.length, ...done });
  ports.measure(measuresOf({ seen, due: due.length, openSince: await ports.open.oldest() }, at), at);
}

interface Budget {
  inquiries: number;
}

async function attend(ports: ReconcilePorts, found: Callback, at: Millis, budget: Budget): Promise<string> {
  const { row, answer } = await change(ports.store, found, (current) => review(current, at));
  switch (answer) {
    case 'findCommand':
      await resolveDispatch(ports, row as Stored, at);
      break;
    case 'tell':
      await settleAgain(ports, row, at);
      break;
    case 'lost':
      await settleLost(ports, row, at);
      break;
    case 'inquire':
      if (budget.inquiries-- > 0) await inquire(ports, row as Dispatched, at);
      break;
    case 'cancel':
      await cancel(ports, row);
      break;
    case 'nothing':
      break;
  }
  return answer;
}

/** A dispatcher ended in the middle (L5): either its command is there, or the work never started. */
async function resolveDispatch(ports: ReconcilePorts, row: Stored, at: Millis): Promise<void> {
  const onHost = row.terms.instanceId !== undefined;
  const receipt = onHost ? await ports.sender.find(row.callbackId, row.createdAt) : undefined;
  if (receipt !== undefined) {
    await change(ports.store, row, (current) => dispatched(current, receipt));
    return;
  }
  const outcome = failure(
    FailureName.dispatchLost,
    'the dispatcher ended before it knew that the work had been started',
  );
  await settle(ports, row, { from: { by: 'observer' }, outcome, at });
}

/** Silent or overdue: an event may have been lost. SSM knows of the command, Step Functions of the task. */
async function inquire(ports: ReconcilePorts, row: Dispatched, at: Millis): Promise<void> {
  const { callbackId, receipt, context } = row;
  const instanceId = row.terms.instanceId;
  const invocation = instanceId === undefined ? undefined : await ports.observer.invocation(receipt, instanceId);
  if (invocation !== undefined && ENDED.has(invocation.status)) {
    const end = { receipt, status: invocation.statusDetails, at };
    const { row: observed, answer } = await change(ports.store, row, (current) => commandEnded(current, end));
    if (answer === 'lost') await settleLost(ports, observed, at);
    return;
  }
  const fate = await ports.executions.fateOf(context.executionArn, row.token);
  ports.log('info', 'inquired', { callbackId, command: invocation?.status, ...fate });
  if (fate.fate !== 'open' && fate.fate !== 'unknown') {
    await change(ports.store, row, (current) => taskClosed(current, 'task-closed', at));
  }
}

/** The last word to what did not stop when it was told: the agent kills its process group. */
async function cancel(ports: ReconcilePorts, row: Callback): Promise<void> {
  const { callbackId } = row;
  if (row.state === 'Gone' && row.receipt !== undefined && row.terms.instanceId !== undefined) {
    await ports.observer.cancel(row.receipt);
    ports.log('info', 'command cancelled', { callbackId, commandId: row.receipt });
  }
  await change(ports.store, row, cancelled);
}
