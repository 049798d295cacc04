import { AwsError } from '../../kernel/aws-error.ts';
import type { Millis, Timer } from '../../kernel/clock/clock.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { parseArn } from '../../kit/arn.ts';
import { integer, optional, required, text, withDefault } from '../../kit/reader.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { invalidValue } from './refusals.ts';

const SECOND: Millis = 1000;

interface MoveTask {
  readonly handle: string;
  readonly source: Queue;
  /** Without one, each message goes back to the queue that it came from. */
  readonly destination: Queue | undefined;
  readonly perSecond: number | undefined;
  readonly startedAt: Millis;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
  next: Timer | undefined;
}

const queueArn = required(text({ min: 1 }));

/** The actions that move messages back from a dead-letter queue: at once, or so many a second. Moved messages are new ones. */
export function moveTaskActions(registry: QueueRegistry): Record<string, UnboundAction> {
  const tasks = new Map<string, MoveTask>();
  return {
    StartMessageMoveTask: startTask(registry, tasks),

    CancelMessageMoveTask: action(
      { TaskHandle: required(text({ min: 1 })) },
      {
        resources: ({ TaskHandle }) => [sourceOf(TaskHandle)],
        evidence: 'documented',
        run({ TaskHandle }) {
          const task = tasks.get(TaskHandle);
          if (task?.status !== 'RUNNING') throw new AwsError('ResourceNotFoundException', 'Task does not exist.');
          task.status = 'CANCELLED';
          task.next?.cancel();
          return { ApproximateNumberOfMessagesMoved: task.moved };
        },
      },
    ),

    ListMessageMoveTasks: action(
      {
        SourceArn: queueArn,
        MaxResults: withDefault(integer({ min: 1, max: 10, says: 'Must be between 1 and 10, if provided.' }), 1),
      },
      {
        resources: ({ SourceArn }) => [SourceArn],
        evidence: 'documented',
        run({ SourceArn, MaxResults }) {
          const source = find(registry, SourceArn, 'SourceArn');
          const newest = [...tasks.values()].filter((task) => task.source === source).reverse();
          return { Results: newest.slice(0, MaxResults).map(taskShape) };
        },
      },
    ),
  };
}

const startTask = (registry: QueueRegistry, tasks: Map<string, MoveTask>): UnboundAction =>
  action(
    {
      SourceArn: queueArn,
      DestinationArn: optional(text()),
      MaxNumberOfMessagesPerSecond: optional(
        integer({ min: 1, max: 500, says: 'Must be between 1 and 500, if provided.' }),
      ),
    },
    {
      resources: ({ SourceArn }) => [SourceArn],
      evidence: 'documented',
      run({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }) {
        const source = find(registry, SourceArn, 'SourceArn');
        if (registry.sourcesOf(source).length === 0) {
          throw invalidValue('Source queue must be configured as a Dead Letter Queue.');
        }
        if ([...tasks.values()].some((task) => task.source === source && task.status === 'RUNNING')) {
          const rule = 'Only one active task is allowed for a source queue arn at a given time.';
          throw invalidValue(`There is already a task running. ${rule}`);
        }
        const task: MoveTask = {
          handle: Buffer.from(`${source.arn} ${registry.uuid()}`).toString('base64'),
          source,
          destination: DestinationArn ? find(registry, DestinationArn, 'DestinationArn') : undefined,
          perSecond,
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
    },
  );

/** The ARN of the queue whose messages the task moves; `*` for a handle that was not given out. */
function sourceOf(handle: string): string {
  const [arn = ''] = Buffer.from(handle, 'base64').toString().split(' ');
  return parseArn(arn) === undefined ? '*' : arn;
}

function find(registry: QueueRegistry, arn: string, member: string): Queue {
  const queue = registry.find(arn);
  if (queue !== undefined) return queue;
  const message = `The resource that you specified for the ${member} parameter doesn't exist.`;
  throw new AwsError('ResourceNotFoundException', message, 404);
}

function move(registry: QueueRegistry, task: MoveTask): void {
  const max = Math.min(task.perSecond ?? task.toMove, task.toMove - task.moved);
  for (let count = 0; count < max; count += 1) {
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
