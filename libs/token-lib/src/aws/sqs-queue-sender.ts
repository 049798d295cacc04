import type { QueueSender } from '../ports.ts';
import { type AwsConnection, awsJson } from './signed-call.ts';
import { classifyStartError } from './start-errors.ts';

const SEND_MESSAGE = { service: 'sqs', target: 'AmazonSQS.SendMessage', version: '1.0' } as const;

export function sqsQueueSender(connection: AwsConnection): QueueSender {
  return {
    async send({ queueUrl, body, attributes, fifo }) {
      try {
        const { MessageId } = await awsJson(connection, SEND_MESSAGE, {
          QueueUrl: queueUrl,
          MessageBody: body,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
          ...(fifo && { MessageGroupId: fifo.groupId, MessageDeduplicationId: fifo.deduplicationId }),
        });
        return { answer: 'started', receipt: String(MessageId) };
      } catch (error) {
        return classifyStartError(error, `queue ${queueUrl}`);
      }
    },
  };
}
