import type { Callback } from '../lifecycle/callback.ts';
import { GONE_REASONS } from '../lifecycle/callback.ts';
import { taskClosed } from '../lifecycle/observe.ts';
import { heartbeat } from '../lifecycle/run.ts';
import type { Millis } from '../wire/millis.ts';
import type { HeartbeatAnswer, HeartbeatRequest } from '../wire/reports.ts';
import { change } from './change.ts';
import { rouse, type SettlePorts } from './settle.ts';

export const timeLeftSeconds = (row: Callback, at: Millis): number =>
  Math.max(0, Math.ceil((row.deadline - at) / 1000));

/**
 * A worker's sign of life, passed on to Step Functions. The worker is told to stop on positive evidence only (L8): a row
 * that is decided or closed, or Step Functions saying that nobody waits, which closes the row. A heartbeat for an outcome
 * that is not told yet keeps its task alive (L1); the worker stops all the same, for finished work must not run again.
 */
export async function relayHeartbeat(
  ports: SettlePorts,
  row: Callback,
  request: HeartbeatRequest,
  at: Millis,
): Promise<HeartbeatAnswer> {
  const heard = await change(ports.store, row, (current) => heartbeat(current, request, at));
  if (heard.answer === 'stop') {
    await rouse(ports, heard.row, at);
    return { answer: 'stop', reason: heard.reason };
  }

  const { callbackId, token } = heard.next;
  const said = await ports.tasks.heartbeat(token);
  if (said.answer === 'gone') {
    await change(ports.store, heard.next, (current) => taskClosed(current, 'task-closed', at));
    return { answer: 'stop', reason: GONE_REASONS['task-closed'] };
  }
  if (said.answer !== 'accepted') {
    ports.log(said.answer === 'transient' ? 'info' : 'alarm', 'heartbeat not taken', { callbackId, ...said });
  }
  return { answer: 'continue', timeLeftSeconds: timeLeftSeconds(heard.next, at) };
}
