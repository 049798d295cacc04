/**
 * The handler of messages: reports on the completions queue, for workers that cannot wait for an answer, and what other
 * queues have given up (dead-letter queues). A message is deleted when what it says is durable; else it comes again,
 * and in the end it lies in that queue's own dead-letter queue, or stays where it is.
 */
import {
  BatonError,
  CallbackId,
  concurrently,
  failure,
  FailureName,
  FailureRequest,
  HeartbeatRequest,
  type Millis,
  type Outcome,
  parse,
  relayHeartbeat,
  Reminder,
  type ReminderPorts,
  sayable,
  settle,
  success,
  SuccessRequest,
  takeReminder,
  wasGivenWork,
  WorkSecret,
} from '@baton/token-lib';
import * as z from 'zod/mini';
import { settleDeadLetter } from './dead-letter.ts';

/** The part of Lambda's SQS event that this handler reads. */
const SqsEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.optional(z.string()) }),
      messageAttributes: z.record(z.string(), z.object({ stringValue: z.optional(z.string()) })),
      eventSourceARN: z.string(),
    }),
  ),
});
type SqsMessage = z.infer<typeof SqsEvent>['Records'][number];

/** What Lambda keeps in the queue; everything else of the batch it deletes. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The part of a report (`QueuedReport`) that says whose it is, and what proves it. */
const Addressed = z.object({
  type: z.enum(['heartbeat', 'success', 'failure']),
  callbackId: CallbackId,
  workSecret: z.optional(z.unknown()),
});

const MAX_AT_ONCE = 10;

export async function handleQueue(
  ports: ReminderPorts,
  completionsQueueArn: string,
  event: unknown,
  at: Millis,
): Promise<BatchAnswer> {
  const failed: string[] = [];
  await concurrently(parse(SqsEvent, event).Records, MAX_AT_ONCE, async (message) => {
    try {
      await (message.eventSourceARN === completionsQueueArn
        ? takeReport(ports, message, at)
        : settleDeadLetter(ports, deadLetterIn(message), at));
    } catch (error) {
      failed.push(message.messageId);
      const isUnreadable = message.eventSourceARN !== completionsQueueArn && isRefusal(error);
      ports.log(isUnreadable && isOldNews(message) ? 'info' : 'alarm', 'message not taken', {
        messageId: message.messageId,
        ...sayable(error),
      });
    }
  });
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

const isRefusal = (error: unknown): boolean => error instanceof BatonError && error.code === 'InvalidRequest';

/**
 * A dead letter that is no callback's comes again every three minutes, for the 14 days that its queue keeps it. It alarms while it is new, and
 * then at each doubling of its receives, so that it neither hides other alarms nor is forgotten.
 */
function isOldNews({ attributes }: SqsMessage): boolean {
  const receives = Number(attributes.ApproximateReceiveCount ?? 0);
  return receives > 8 && !Number.isInteger(Math.log2(receives));
}

/**
 * A worker's report as a message. The queue's access policy says who may send, and the secret that came with the work who was
 * given it; a host's callback answers to its host alone, and so never to a message.
 *
 * @throws {BatonError} `InvalidRequest`, `OutputTooLarge`, `Forbidden`
 */
async function takeReport(ports: ReminderPorts, message: SqsMessage, at: Millis): Promise<void> {
  const body = jsonIn(message);
  const reminder = Reminder.safeParse(body);
  if (reminder.success) return takeReminder(ports, reminder.data.callbackId, at);
  const { callbackId, type, workSecret } = parse(Addressed, body);
  const row = await ports.store.read(callbackId);
  if (row === undefined || !wasGivenWork(row, WorkSecret.of(workSecret))) {
    throw new BatonError(
      'Forbidden',
      'there is no such callback that takes its reports by queue, or the report lacks the workSecret that came with the work',
    );
  }
  if (type === 'heartbeat') {
    await relayHeartbeat(ports, row, parse(HeartbeatRequest, body), at);
    return;
  }
  await settle(ports, row, { from: { by: 'worker' }, outcome: outcomeIn(type, body), at });
}

/** Nobody hears a refusal of a message: a malformed outcome fails its task, which would wait for its timeout otherwise. */
function outcomeIn(type: 'success' | 'failure', body: unknown): Outcome {
  try {
    if (type === 'success') return success(parse(SuccessRequest, body).output);
    const { error, cause = '' } = parse(FailureRequest, body);
    return failure(error, cause);
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    return failure(error.code === 'InvalidRequest' ? FailureName.invalidReport : error.name, error.message);
  }
}

const deadLetterIn = (message: SqsMessage) => ({
  messageId: message.messageId,
  queue: message.eventSourceARN.split(':').at(-1) ?? '',
  body: jsonIn(message),
  callbackIdAttribute: message.messageAttributes['callbackId']?.stringValue,
  receiveCount: message.attributes.ApproximateReceiveCount,
});

/** The body as JSON; undefined where it is none. */
function jsonIn({ body }: SqsMessage): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
