import { legacy } from '../../kit/legacy.ts';
import type { Service, World } from '../../kernel/service.ts';
import { messageActions } from './message-actions.ts';
import { messageMoveActions } from './message-move-tasks.ts';
import { queueActions } from './queue-actions.ts';
import { QueueRegistry } from './queue-registry.ts';

export interface Sqs extends Service {
  /**
   * Calls the listener whenever the queue has visible messages that no waiting poll took: after a send, the end of a delay
   * or of a visibility timeout, and at once if there are some now. The queue may be created later, or anew.
   * Answers how to stop.
   */
  onAvailable(queueArn: string, listener: () => void): () => void;
}

/** Amazon SQS: standard and FIFO queues with everything that a consumer meets. */
export function createSqs(world: World): Sqs {
  const registry = new QueueRegistry(world);
  return {
    id: 'sqs',
    actions: legacy({
      ...queueActions(registry),
      ...messageActions((input) => registry.byUrl(input)),
      ...messageMoveActions(registry),
    }),
    onAvailable: (queueArn, listener) => registry.onAvailable(queueArn, listener),
    close: () => registry.close(),
  };
}
