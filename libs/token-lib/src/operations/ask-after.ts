import type { Dispatched } from '../lifecycle/callback.ts';
import type { CommandObserver, Hosts } from '../ports.ts';
import { errorName } from '../wire/errors.ts';
import type { Millis } from '../wire/millis.ts';
import { applyCommandEnd, settleLostHost } from './observe.ts';
import type { SettlePorts } from './settle.ts';

export interface AskPorts extends SettlePorts {
  readonly observer: CommandObserver;
  readonly hosts: Hosts;
}

/** SSM's words for an invocation that will not go on. */
const ENDED = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled']);
/** EC2's words for a host on which nothing goes on for long. */
const GOING = new Set(['stopping', 'stopped', 'shutting-down', 'terminated']);

/**
 * Asks those who can know whether a silent run has ended, because the event that tells may have been lost: SSM of its command,
 * EC2 of its host. What they say is applied. An agent that died with its host says nothing, so SSM's word is not enough.
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
  if (invocation === undefined || !ENDED.has(invocation.status)) return false;
  await applyCommandEnd(ports, row, { commandId: receipt, status: invocation.statusDetails }, at);
  return true;
}
