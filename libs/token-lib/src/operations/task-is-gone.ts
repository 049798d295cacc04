import { type Callback, isOpen } from '../lifecycle/callback.ts';
import { taskClosed } from '../lifecycle/observe.ts';
import type { CallbackStore, TaskClient } from '../ports.ts';
import type { Millis } from '../wire/millis.ts';
import { change } from './change.ts';

export interface TaskPorts {
  readonly store: CallbackStore;
  readonly tasks: Pick<TaskClient, 'heartbeat'>;
}

/** Relays a heartbeat; a task that is no more closes its row. */
export async function taskIsGone({ tasks, store }: TaskPorts, row: Callback, at: Millis): Promise<boolean> {
  if (!isOpen(row) || (await tasks.heartbeat(row.token)).answer !== 'gone') return false;
  await change(store, row, (current) => taskClosed(current, 'task-closed', at));
  return true;
}
