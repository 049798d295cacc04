/**
 * Takes orders off a queue and returns each one's task token to Step Functions, with a success or a failure.
 *
 * A message whose order cannot be answered now (throttling, network) is left in the queue alone: the others of its batch are done.
 * The token stays in the message; it is never logged.
 */
import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';

interface Order {
  readonly id: string;
  readonly cents: number;
}

interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export function createCheckOrder(stepFunctions: Pick<SFNClient, 'send'>) {
  return async ({ Records }: SqsEvent): Promise<BatchAnswer> => {
    const answers = await Promise.allSettled(Records.map(({ body }) => answer(stepFunctions, body)));
    const failed = Records.filter((_, index) => answers[index]?.status === 'rejected');
    for (const [index, result] of answers.entries()) {
      if (result.status === 'rejected')
        console.error(`message ${Records[index]?.messageId} stays: ${nameOf(result.reason)}`);
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** @throws for a message that is not ours, and where Step Functions could not be told */
async function answer(stepFunctions: Pick<SFNClient, 'send'>, body: string): Promise<void> {
  const { taskToken, order } = parse(body);
  const refusal = refusalOf(order);
  const command =
    refusal === undefined
      ? new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ acceptedCents: order.cents }) })
      : new SendTaskFailureCommand({ taskToken, error: 'OrderRefused', cause: refusal });
  try {
    await stepFunctions.send(command as SendTaskSuccessCommand);
  } catch (error) {
    // The task has ended already: by an earlier delivery of this message, by its timeout, or with its execution.
    if (!['TaskTimedOut', 'TaskDoesNotExist'].includes(nameOf(error))) throw error;
  }
}

function parse(body: string): { taskToken: string; order: Order } {
  const message = JSON.parse(body) as { taskToken?: unknown; order?: { id?: unknown; cents?: unknown } } | null;
  const { taskToken, order } = message ?? {};
  if (typeof taskToken !== 'string' || typeof order?.id !== 'string' || typeof order.cents !== 'number') {
    throw Object.assign(new Error('the message is no order with a task token'), { name: 'NotAnOrder' });
  }
  return { taskToken, order: { id: order.id, cents: order.cents } };
}

const refusalOf = ({ id, cents }: Order): string | undefined =>
  cents > 0 ? undefined : `order ${id} is over ${cents} cents: there is nothing to pay`;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
