import { action, type UnboundAction } from '../../kit/action.ts';
import { checkEntries, doEach, type BatchWords } from '../../kit/batch.ts';
import { integer, list, optional, required, structure, text, withDefault } from '../../kit/reader.ts';
import type { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { deliveryShape } from './delivery.ts';
import type { Queue } from './queue.ts';
import type { QueueRegistry } from './queue-registry.ts';
import { queueArn, queueUrl } from './queue-url.ts';
import { invalidParameter, QUERY_CODES } from './refusals.ts';
import { checkBatch, messageMembers, sendMessage } from './send-message.ts';

const MAX_VISIBILITY_SECONDS = 43_200;

const between = (min: number, max: number) =>
  integer({ min, max, says: `Must be between ${min} and ${max}, if provided.` });
const names = withDefault(list(text()), []);
const receiptHandle = required(text({ min: 1 }));
/** In a batch an empty handle is the entry's own fault. */
const entryMembers = { Id: required(text()), ReceiptHandle: required(text()) };

/** The actions that send. */
export const sendActions = (registry: QueueRegistry): Record<string, UnboundAction> => ({
  SendMessage: action(
    { QueueUrl: queueUrl, ...messageMembers },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'recorded',
      run({ QueueUrl, ...message }, caller) {
        const queue = registry.byUrl(QueueUrl);
        const sent = sendMessage(queue, message, caller);
        queue.handOver();
        return sent;
      },
    },
  ),

  SendMessageBatch: action(
    { QueueUrl: queueUrl, Entries: withDefault(list(structure({ Id: required(text()), ...messageMembers })), []) },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, Entries }, caller) {
        const queue = registry.byUrl(QueueUrl);
        checkEntries(Entries, batchWords('SendMessageBatchRequestEntry'));
        checkBatch(queue, Entries);
        const response = forEach(Entries, (entry) => sendMessage(queue, entry, caller));
        queue.handOver();
        return response;
      },
    },
  ),
});

/** The action that receives. */
export const receiveActions = (registry: QueueRegistry): Record<string, UnboundAction> => ({
  ReceiveMessage: action(
    {
      QueueUrl: queueUrl,
      MaxNumberOfMessages: withDefault(between(1, 10), 1),
      WaitTimeSeconds: optional(between(0, 20)),
      VisibilityTimeout: optional(between(0, MAX_VISIBILITY_SECONDS)),
      AttributeNames: names,
      MessageSystemAttributeNames: names,
      MessageAttributeNames: names,
    },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'recorded',
      longPoll: true,
      async run({ QueueUrl, MaxNumberOfMessages, WaitTimeSeconds, VisibilityTimeout, ...asked }) {
        const queue = registry.byUrl(QueueUrl);
        const { visibilityTimeout, wait } = queue.settings;
        const deliveries = await queue.receive(
          MaxNumberOfMessages,
          VisibilityTimeout === undefined ? visibilityTimeout : VisibilityTimeout * 1000,
          WaitTimeSeconds === undefined ? wait : WaitTimeSeconds * 1000,
        );
        if (deliveries.length === 0) return {};
        const wanted = {
          systemAttributes: [...asked.AttributeNames, ...asked.MessageSystemAttributeNames],
          messageAttributes: asked.MessageAttributeNames,
        };
        return { Messages: deliveries.map((delivery) => deliveryShape(delivery, wanted)) };
      },
    },
  ),
});

/** The actions on messages that were received. */
export const receivedMessageActions = (registry: QueueRegistry): Record<string, UnboundAction> => ({
  DeleteMessage: action(
    { QueueUrl: queueUrl, ReceiptHandle: receiptHandle },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, ReceiptHandle }) {
        registry.byUrl(QueueUrl).delete(ReceiptHandle);
        return {};
      },
    },
  ),

  DeleteMessageBatch: action(
    { QueueUrl: queueUrl, Entries: withDefault(list(structure(entryMembers)), []) },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, Entries }) {
        const queue = registry.byUrl(QueueUrl);
        checkEntries(Entries, batchWords('DeleteMessageBatchRequestEntry'));
        return forEach(Entries, ({ ReceiptHandle }) => {
          queue.delete(ReceiptHandle);
          return {};
        });
      },
    },
  ),

  ChangeMessageVisibility: action(
    { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout: required(integer()) },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run: ({ QueueUrl, ...change }) => changeVisibility(registry.byUrl(QueueUrl), change),
    },
  ),

  ChangeMessageVisibilityBatch: action(
    {
      QueueUrl: queueUrl,
      Entries: withDefault(list(structure({ ...entryMembers, VisibilityTimeout: required(integer()) })), []),
    },
    {
      resources: ({ QueueUrl }, caller) => [queueArn(caller, QueueUrl)],
      evidence: 'documented',
      run({ QueueUrl, Entries }) {
        const queue = registry.byUrl(QueueUrl);
        checkEntries(Entries, batchWords('ChangeMessageVisibilityBatchRequestEntry'));
        return forEach(Entries, (entry) => changeVisibility(queue, entry));
      },
    },
  ),
});

function changeVisibility(
  queue: Queue,
  { ReceiptHandle, VisibilityTimeout: seconds }: { readonly ReceiptHandle: string; readonly VisibilityTimeout: number },
): JsonObject {
  if (seconds < 0 || seconds > MAX_VISIBILITY_SECONDS) {
    const reason = `VisibilityTimeout must be an integer between 0 and ${MAX_VISIBILITY_SECONDS}.`;
    throw invalidParameter('VisibilityTimeout', seconds, reason);
  }
  queue.changeVisibility(ReceiptHandle, seconds * 1000);
  return {};
}

const batchWords = (entryType: string): BatchWords => ({
  empty: `There should be at least one ${entryType} in the request.`,
  tooMany: (count) => `Maximum number of entries per request are 10. You have sent ${count}.`,
  badId:
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  repeatedId: (id) => `Id ${id} repeated.`,
});

const queryCode = ({ code }: AwsError): string => QUERY_CODES[code] ?? code;

/** Lists the entries that were done and those that were not; a list without entries is left out. */
function forEach<E extends { readonly Id: string }>(entries: readonly E[], act: (entry: E) => JsonObject): JsonObject {
  const { Successful, Failed } = doEach(entries, act, queryCode);
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}
