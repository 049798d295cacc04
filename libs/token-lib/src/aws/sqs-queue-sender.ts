import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueSender } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';
import { classifyStartError } from './start-errors.ts';

/** A client that goes to the endpoint of its region, or to the one that the environment names, whatever host a queue's URL has. */
export const sqsClient = (options: ClientOptions): SQSClient =>
  new SQSClient({ ...options, useQueueUrlAsEndpoint: false });

export function sqsQueueSender(client: SQSClient): QueueSender {
  return {
    async send({ queueUrl, body, attributes, delaySeconds, fifo }) {
      try {
        const { MessageId = '' } = await client.send(
          new SendMessageCommand({
            QueueUrl: queueUrl,
            MessageBody: body,
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
            ),
            ...(delaySeconds !== undefined && { DelaySeconds: delaySeconds }),
            ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
          }),
        );
        return { answer: 'started', receipt: MessageId };
      } catch (error) {
        return classifyStartError(error, `queue ${queueUrl}`);
      }
    },
  };
}
