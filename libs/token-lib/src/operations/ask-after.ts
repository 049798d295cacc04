import type { Dispatched } from '../lifecycle/callback.ts';
import type { CommandObserver, Hosts, OpenCallbacks } from '../ports.ts';
import { concurrently } from '../concurrently.ts';
import { errorName, FailureName } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import { failure } from '../wire/outcome.ts';
import { applyCommandEnd, settleLostHost } from './observe.ts';
import { settle, type SettlePorts } from './settle.ts';

const MAX_READS_AT_ONCE = 10;

export interface AskPorts extends SettlePorts {
  readonly observer: CommandObserver;
  readonly hosts: Hosts;
  readonly open: OpenCallbacks;
}

/** SSM's words for an invocation that will not go on. */
const ENDED = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled']);
/** SSM's words for an invocation that the host's agent has not begun. */
const WAITING = new Set(['Pending', 'Delayed']);
/** EC2's words for a host on which nothing goes on for long. */
const GOING = new Set(['stopping', 'stopped', 'shutting-down', 'terminated']);

/**
 * Asks those who can know whether a silent run has ended, because the event that tells may have been lost: SSM of its command,
 * EC2 of its host. What they say is applied. An agent that died with its host says nothing, so SSM's word is not enough. A command that
 * waits on a host where others run waits for one of them to end, which may take longer than its task has: its task fails now.
 *
 * @returns whether one of them said that it has ended
 */
export async function askAfter(ports: AskPorts, row: Dispatched, at: Millis): Promise<boolean> {
  const { callbackId, receipt, terms } = row;
  const { instanceId } = terms;
  if (instanceId === undefined) return false;
  const answers = await Promise.allSettled([
    ports.observer.invocation(receipt, instanceId),
    ports.hosts.stateOf(instanceId),
  ]);
  for (const answer of answers)
    if (answer.status === 'rejected')
      ports.log('info', 'not answered', { callbackId, instanceId, name: errorName(answer.reason) });
  const [invocation, host] = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : undefined)) as [
    Awaited<ReturnType<CommandObserver['invocation']>>,
    string | undefined,
  ];
  if (host !== undefined && GOING.has(host)) {
    await settleLostHost(ports, row, host, at);
    return true;
  }
  if (invocation !== undefined && WAITING.has(invocation.status) && row.run === undefined) {
    return settleIfBusy(ports, row, at);
  }
  if (invocation === undefined || !ENDED.has(invocation.status)) return false;
  await applyCommandEnd(ports, row, { commandId: receipt, status: invocation.statusDetails }, at);
  return true;
}

/** @returns whether other jobs run on the host */
async function settleIfBusy(ports: AskPorts, row: Dispatched, at: Millis): Promise<boolean> {
  const { callbackId, receipt, terms } = row;
  const { instanceId = '' } = terms;
  const beside = (await ports.open.ofInstance(instanceId)).filter((other) => other !== callbackId);
  let running = 0;
  await concurrently(beside, MAX_READS_AT_ONCE, async (other) => {
    const found = await ports.store.read(other);
    if (found?.state === 'Dispatched' && found.run !== undefined) running += 1;
  });
  if (running === 0) return false;
  const others = running === 1 ? 'another job runs' : `${running} other jobs run`;
  const limit = 'its SSM agent runs no more at a time (CommandWorkersLimit)';
  const cause = `command ${receipt} has not had its turn on host ${instanceId}, where ${others}: ${limit}`;
  const outcome = failure(FailureName.hostBusy, cause);
  await settle(ports, row, { from: { by: 'observer' }, outcome, at, unheardSince: 0 });
  return true;
}
