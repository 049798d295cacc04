import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { integerBetween, optionalString, requiredString } from './members.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { invalidValue, refusal } from './refusals.ts';

const SECOND: Millis = 1000;

interface MoveTask {
  readonly handle: string;
  readonly source: Queue;
  /** Without one, each message goes back to the queue that gave it up. */
  readonly destination: Queue | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: Millis;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
  next: Timer | undefined;
}

/** Moving messages back from a dead-letter queue: at once, or as many a second as asked for. Moved messages are new ones. */
export function messageMoveActions(registry: QueueRegistry): Record<string, Action> {
  const tasks = new Map<string, MoveTask>();
  return {
    StartMessageMoveTask(input) {
      const source = queueOf(registry, input, 'SourceArn');
      checkSource(registry, source);
      const running = [...tasks.values()].some((task) => task.source === source && task.status === 'RUNNING');
      if (running)
        throw invalidValue(
          'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
        );
      const task: MoveTask = {
        handle: Buffer.from(`${source.arn} ${registry.uuid()}`).toString('base64'),
        source,
        destination: optionalString(input, 'DestinationArn') ? queueOf(registry, input, 'DestinationArn') : undefined,
        perSecond: integerBetween(input, 'MaxNumberOfMessagesPerSecond', 1, 500),
        startedAt: registry.clock.now(),
        toMove: source.counts.visible,
        moved: 0,
        status: 'RUNNING',
        next: undefined,
      };
      tasks.set(task.handle, task);
      move(registry, task);
      return { TaskHandle: task.handle };
    },

    CancelMessageMoveTask(input) {
      const task = tasks.get(requiredString(input, 'TaskHandle'));
      if (task?.status !== 'RUNNING') throw refusal('ResourceNotFoundException', 'Task does not exist.');
      task.status = 'CANCELLED';
      task.next?.cancel();
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },

    ListMessageMoveTasks(input) {
      const source = queueOf(registry, input, 'SourceArn');
      const most = integerBetween(input, 'MaxResults', 1, 10) ?? 1;
      const newest = [...tasks.values()].filter((task) => task.source === source).reverse();
      return { Results: newest.slice(0, most).map(taskShape) };
    },
  };
}

function queueOf(registry: QueueRegistry, input: JsonObject, member: string): Queue {
  const queue = registry.find(requiredString(input, member));
  if (queue !== undefined) return queue;
  const message = `The resource that you specified for the ${member} parameter doesn't exist.`;
  throw refusal('ResourceNotFoundException', message, 404);
}

function checkSource(registry: QueueRegistry, source: Queue): void {
  const isDeadLetterQueue = registry.all().some((queue) => queue.settings.redrive?.deadLetterTargetArn === source.arn);
  if (!isDeadLetterQueue) throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
}

function move(registry: QueueRegistry, task: MoveTask): void {
  const most = Math.min(task.perSecond ?? task.toMove, task.toMove - task.moved);
  for (let count = 0; count < most; count += 1) {
    const message = task.source.remove();
    if (message === undefined) break;
    const destination = task.destination ?? registry.find(message.deadLetterSourceArn ?? '');
    (destination ?? task.source).adopt(message.letter);
    task.moved += 1;
  }
  if (task.moved >= task.toMove || task.source.counts.visible === 0) {
    task.status = 'COMPLETED';
  } else {
    task.next = registry.clock.at(registry.clock.now() + SECOND, () => move(registry, task));
  }
}

const taskShape = (task: MoveTask): JsonObject => ({
  ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
  Status: task.status,
  SourceArn: task.source.arn,
  ...(task.destination && { DestinationArn: task.destination.arn }),
  ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  StartedTimestamp: task.startedAt,
});
