import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { NoticeSender } from '../ports.ts';
import { classifyStartError } from './start-errors.ts';

export { SNSClient } from '@aws-sdk/client-sns';

export function snsNoticeSender(client: SNSClient, topicArn: string): Pick<NoticeSender, 'send'> {
  return {
    async send({ subject, text, attributes }) {
      try {
        const { MessageId = '' } = await client.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: subject,
            Message: text,
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
            ),
          }),
        );
        return { answer: 'started', receipt: MessageId };
      } catch (error) {
        return classifyStartError(error, `topic ${topicArn}`);
      }
    },
  };
}
