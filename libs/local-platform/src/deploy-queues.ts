import type { LocalAws } from '@baton/local-aws';
import { names } from './names.ts';
import { readQueues } from './wiring.ts';

export interface DeployedQueues {
  url(name: string): string;
  arn(name: string): string;
}

/** The queues of wiring/queues.json, those first that others name as their dead-letter queue. */
export async function deployQueues(aws: LocalAws): Promise<DeployedQueues> {
  const urls = new Map<string, string>();
  const arn = (name: string): string => `arn:aws:sqs:${aws.world.region}:${aws.world.accountId}:${names.queue(name)}`;
  const queues = Object.entries(readQueues());
  const plain = queues.filter(([, queue]) => queue.redrive === undefined);
  for (const [name, queue] of new Map([...plain, ...queues])) {
    const { visibilityTimeoutSeconds, messageRetentionSeconds, redrive } = queue;
    const { QueueUrl } = await aws.call('sqs:CreateQueue', {
      QueueName: names.queue(name),
      Attributes: {
        VisibilityTimeout: String(visibilityTimeoutSeconds),
        MessageRetentionPeriod: String(messageRetentionSeconds),
        ...(redrive && {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: arn(redrive.deadLetterQueue),
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }),
      },
    });
    urls.set(name, String(QueueUrl));
  }
  return { url: (name) => urls.get(name) ?? '', arn };
}
