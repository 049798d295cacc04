import type { NoticeSender } from '../ports.ts';
import { AwsRefusal, type AwsConnection, signedRequest } from './signed-call.ts';
import { classifyStartError } from './start-errors.ts';

export function snsNoticeSender(connection: AwsConnection, topicArn: string): NoticeSender {
  return {
    async send({ subject, text, attributes }) {
      const form = new URLSearchParams({
        Action: 'Publish',
        Version: '2010-03-31',
        TopicArn: topicArn,
        Subject: subject,
        Message: text,
      });
      Object.entries(attributes).forEach(([name, value], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        form.set(`${entry}.Name`, name);
        form.set(`${entry}.Value.DataType`, 'String');
        form.set(`${entry}.Value.StringValue`, value);
      });
      try {
        const answer = await signedRequest(connection, {
          service: 'sns',
          method: 'POST',
          url: connection.endpointOf('sns'),
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        });
        if (answer.status >= 300) throw new AwsRefusal(element('Code', answer.text) ?? 'unknown', answer.status);
        return { answer: 'started', receipt: element('MessageId', answer.text) ?? '' };
      } catch (error) {
        return classifyStartError(error, `topic ${topicArn}`);
      }
    },
  };
}

const element = (name: string, xml: string): string | undefined => new RegExp(`<${name}>([^<]*)</`).exec(xml)?.[1];
