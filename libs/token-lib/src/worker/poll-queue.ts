/**
 * A function as a worker outside Lambda: a loop in a container or on a host takes messages from a queue. While the
 * function works on a message nobody else gets it; it is deleted when its outcome is durable, and comes again otherwise.
 */
import * as z from 'zod/mini';
import { type AwsConnection, awsConnection, awsJson, patiently } from '../aws/signed-call.ts';
import { seconds } from '../millis.ts';
import { parse } from '../parse.ts';
import { reportsOfEnvironment } from './environment.ts';
import { attendMessage } from './attend-message.ts';
import type { Reports } from './reports.ts';
import type { WorkFunction } from './run-work.ts';

export interface PollOptions {
  readonly queueUrl: string;
  /** Ends the loop: no more messages are taken, and those that are worked on are finished. */
  readonly signal: AbortSignal;
  readonly reports?: Reports;
  /** Messages that are worked on at once. */
  readonly concurrency?: number;
  /** How long a message is nobody else's, from the last time that it was asked for. It is asked for in thirds of it. */
  readonly visibilitySeconds?: number;
  readonly connection?: AwsConnection;
}

const Received = z.object({
  Messages: z.optional(z.array(z.object({ MessageId: z.string(), Body: z.string(), ReceiptHandle: z.string() }))),
});
type Message = NonNullable<z.infer<typeof Received>['Messages']>[number];

/** The longest that SQS lets an empty receive wait. */
const WAIT_SECONDS = 20;

/** Resolves when the signal has ended it and everything that was begun is finished. */
export async function pollQueue<Input>(work: WorkFunction<Input, unknown>, options: PollOptions): Promise<void> {
  const { queueUrl, signal, concurrency = 1, visibilitySeconds = 60 } = options;
  // An empty receive is answered after its wait only.
  const connection = options.connection ?? awsConnection(process.env, seconds(WAIT_SECONDS + 10));
  const reports = options.reports ?? reportsOfEnvironment(process.env);
  const sqs = (action: string, input: object) =>
    awsJson(
      connection,
      { service: 'sqs', target: `AmazonSQS.${action}`, version: '1.0' },
      { QueueUrl: queueUrl, ...input },
    );

  const receive = async (): Promise<readonly Message[]> => {
    const input = { MaxNumberOfMessages: 1, WaitTimeSeconds: WAIT_SECONDS, VisibilityTimeout: visibilitySeconds };
    return parse(Received, await patiently(() => sqs('ReceiveMessage', input)), 'Unavailable').Messages ?? [];
  };
  const keep = ({ ReceiptHandle }: Message): void => {
    // Should it fail, the message comes again, and the first outcome wins.
    sqs('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: visibilitySeconds }).catch(() => undefined);
  };
  const attend = async (message: Message): Promise<void> => {
    const keeping = setInterval(() => keep(message), seconds(visibilitySeconds) / 3);
    try {
      const { MessageId: messageId, Body: body, ReceiptHandle } = message;
      if (await attendMessage(work, reports, { messageId, body })) {
        await patiently(() => sqs('DeleteMessage', { ReceiptHandle }));
      }
    } finally {
      clearInterval(keeping);
    }
  };
  const loop = async (): Promise<void> => {
    while (!signal.aborted) for (const message of await receive()) await attend(message);
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
}
