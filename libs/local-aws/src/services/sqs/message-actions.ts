import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { eachEntry, parseEntries } from './batch.ts';
import { deliveryShape, type Wanted } from './delivery.ts';
import { integerBetween, optionalInteger, requiredString, strings } from './members.ts';
import type { Queue } from './queue.ts';
import { invalidParameter, missingParameter } from './refusals.ts';
import { checkBatch, dispatch, parseDispatch } from './send-message.ts';

/** The actions on messages. `queueOf` reads the QueueUrl of a request. */
export function messageActions(queueOf: (input: JsonObject) => Queue): Record<string, Action> {
  return {
    SendMessage(input, caller) {
      const queue = queueOf(input);
      const answer = dispatch(queue, parseDispatch(queue, input, caller));
      queue.handOver();
      return answer;
    },

    SendMessageBatch(input, caller) {
      const queue = queueOf(input);
      const entries = parseEntries(input, 'SendMessageBatchRequestEntry');
      checkBatch(queue, entries);
      const answer = eachEntry(entries, (entry) => dispatch(queue, parseDispatch(queue, entry, caller)));
      queue.handOver();
      return answer;
    },

    async ReceiveMessage(input) {
      const queue = queueOf(input);
      const most = integerBetween(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
      const wait = integerBetween(input, 'WaitTimeSeconds', 0, 20);
      const visibility = integerBetween(input, 'VisibilityTimeout', 0, 43_200);
      const wanted: Wanted = {
        systemAttributes: [...strings(input, 'AttributeNames'), ...strings(input, 'MessageSystemAttributeNames')],
        messageAttributes: strings(input, 'MessageAttributeNames'),
      };
      const deliveries = await queue.receive(
        most,
        visibility === undefined ? queue.settings.visibilityTimeout : visibility * 1000,
        wait === undefined ? queue.settings.wait : wait * 1000,
      );
      if (deliveries.length === 0) return {};
      return { Messages: deliveries.map((delivery) => deliveryShape(delivery, wanted)) };
    },

    DeleteMessage(input) {
      queueOf(input).delete(requiredString(input, 'ReceiptHandle'));
      return {};
    },

    DeleteMessageBatch(input) {
      const queue = queueOf(input);
      return eachEntry(parseEntries(input, 'DeleteMessageBatchRequestEntry'), (entry) => {
        queue.delete(requiredString(entry, 'ReceiptHandle'));
        return {};
      });
    },

    ChangeMessageVisibility(input) {
      changeVisibility(queueOf(input), input);
      return {};
    },

    ChangeMessageVisibilityBatch(input) {
      const queue = queueOf(input);
      return eachEntry(parseEntries(input, 'ChangeMessageVisibilityBatchRequestEntry'), (entry) => {
        changeVisibility(queue, entry);
        return {};
      });
    },
  };
}

function changeVisibility(queue: Queue, input: JsonObject): void {
  const handle = requiredString(input, 'ReceiptHandle');
  const seconds = optionalInteger(input, 'VisibilityTimeout');
  if (seconds === undefined) throw missingParameter('VisibilityTimeout');
  if (seconds < 0 || seconds > 43_200) {
    throw invalidParameter('VisibilityTimeout', seconds, 'VisibilityTimeout must be an integer between 0 and 43200.');
  }
  queue.changeVisibility(handle, seconds * 1000);
}
