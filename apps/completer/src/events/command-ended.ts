import { change, commandEnded, type Millis } from '@baton/token-lib';
import * as z from 'zod/mini';
import { settleLost } from '../settle-lost.ts';
import type { EventPorts } from './each-open.ts';

export const CommandEnded = z.object({ 'command-id': z.string(), 'instance-id': z.string(), status: z.string() });

/** The event names the command; the command's Comment names the callback. */
export async function onCommandEnded(
  ports: EventPorts,
  detail: z.infer<typeof CommandEnded>,
  at: Millis,
): Promise<void> {
  const { 'command-id': receipt, status } = detail;
  const callbackId = await ports.observer.callbackIdOf(receipt);
  if (callbackId === undefined) return ports.log('info', 'a command of nobody ended', { commandId: receipt, status });
  if ((await ports.store.read(callbackId)) === undefined) return;
  const { row, answer } = await change(ports.store, callbackId, (current) =>
    commandEnded(current, { receipt, status, at }),
  );
  ports.log('info', 'command ended', { callbackId, commandId: receipt, status, verdict: answer });
  if (answer === 'lost') await settleLost(ports, row, at);
}
