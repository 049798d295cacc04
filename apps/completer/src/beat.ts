import {
  type Callback,
  change,
  heartbeat,
  type HeartbeatRequest,
  isOpen,
  type Millis,
  type SettlePorts,
  taskClosed,
} from '@baton/token-lib';

/**
 * A worker's sign of life, passed on to Step Functions. It is told to stop on positive evidence only (L8): a row that
 * is decided or closed, or Step Functions saying that nobody waits, which closes the row.
 */
export async function beat(
  ports: SettlePorts,
  row: Callback,
  request: HeartbeatRequest,
  at: Millis,
): Promise<{ readonly stop: string } | { readonly stop?: never; readonly row: Callback }> {
  const { row: beating, answer } = await change(ports.store, row, (current) => heartbeat(current, request, at));
  if (answer.verdict === 'stop') return { stop: answer.reason };
  if (!isOpen(beating)) return { row: beating };

  const said = await ports.tasks.heartbeat(beating.token);
  if (said.answer === 'gone') {
    await change(ports.store, beating, (current) => taskClosed(current, 'task-closed', at));
    return { stop: 'Step Functions has closed the task' };
  }
  if (said.answer !== 'accepted') {
    const { callbackId } = beating;
    ports.log(said.answer === 'transient' ? 'info' : 'alarm', 'heartbeat not taken', { callbackId, ...said });
  }
  return { row: beating };
}
