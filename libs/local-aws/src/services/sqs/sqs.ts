import type { Service, World } from '../../kernel/service.ts';
import { actionsIn } from '../../kit/action.ts';
import { sqs } from '../../kit/dialects.ts';
import { attributeActions, tagActions } from './attribute-actions.ts';
import { receivedMessageActions, receiveActions, sendActions } from './message-actions.ts';
import { moveTaskActions } from './move-task-actions.ts';
import { listActions, queueActions } from './queue-actions.ts';
import { QueueRegistry } from './queue-registry.ts';
import { QUERY_CODES } from './refusals.ts';

export interface Sqs extends Service {
  /**
   * Calls the listener whenever the queue has visible messages that no waiting poll took: after a send, the end of a delay
   * or of a visibility timeout, and at once if there are some now. The queue may be created later, or again.
   * @returns how to stop
   */
  onAvailable(queueArn: string, listener: () => void): () => void;
}

/** Amazon SQS: standard and FIFO queues, with their batches, dead-letter queues and message move tasks. */
export function createSqs(world: World): Sqs {
  const registry = new QueueRegistry(world);
  return {
    id: 'sqs',
    queryCodes: QUERY_CODES,
    resourceFacts: {
      policyOf: (arn) => registry.find(arn)?.settings.attributes['Policy'],
      tagsOf: (arn) => registry.find(arn)?.tags,
    },
    actions: actionsIn(sqs, {
      ...queueActions(registry),
      ...listActions(registry),
      ...attributeActions(registry),
      ...tagActions(registry),
      ...sendActions(registry),
      ...receiveActions(registry),
      ...receivedMessageActions(registry),
      ...moveTaskActions(registry),
    }),
    onAvailable: (queueArn, listener) => registry.onAvailable(queueArn, listener),
    close: () => registry.close(),
  };
}
