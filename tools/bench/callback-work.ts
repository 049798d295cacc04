import { names } from '@baton/local-platform';
import { dispatching } from '@baton/local-platform/testing';
import type { Endpoint } from './endpoint.ts';

/** Executions that wait for a callback, and who calls back. */
export interface CallbackWork {
  start(): Promise<string>;
  /** What the messages that have arrived name their work by: a token, or what a report needs. */
  receive(most: number): Promise<string[]>;
  succeed(name: string): Promise<void>;
  status(executionArn: string): Promise<string>;
}

let made = 0;
const unique = (prefix: string): string => `${prefix}-${process.pid}-${made++}`;

/** Pass, a waiting SQS task, Pass. The token goes into the message, and whoever receives it sends SendTaskSuccess. */
export async function createCallbackWork(endpoint: Endpoint): Promise<CallbackWork> {
  const { QueueUrl, work } = await createWork(endpoint, (url) => ({
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl: url, MessageBody: { 'in.$': '$', 'token.$': '$$.Task.Token' } },
  }));
  return {
    ...work,
    receive: async (most) => (await receive(endpoint, QueueUrl, most)).map(({ token }) => String(token)),
    succeed: async (taskToken) =>
      void (await endpoint.call('AWSStepFunctions.SendTaskSuccess', { taskToken, output: '{"ok":true}' })),
  };
}

/** The same three states through the platform: the dispatcher stores the callback, the report goes to the completions queue. */
export async function createDispatchedWork(endpoint: Endpoint): Promise<CallbackWork> {
  const completions = await endpoint.call('AmazonSQS.GetQueueUrl', { QueueName: names.queue('completions') });
  const dispatcherFunctionArn = `arn:aws:lambda:us-east-1:123456789012:function:${names.function('dispatcher')}`;
  const { QueueUrl, work } = await createWork(endpoint, (queueUrl) =>
    dispatching({ dispatcherFunctionArn }, { kind: 'queue', queueUrl, message: { number: 4 }, timeoutSeconds: 3600 }),
  );
  return {
    ...work,
    async receive(most) {
      const messages = await receive(endpoint, QueueUrl, most);
      return messages.map(({ callbackId, workSecret }) => JSON.stringify({ callbackId, workSecret }));
    },
    async succeed(address) {
      const report = { ...(JSON.parse(address) as object), type: 'success', output: { ok: true } };
      await endpoint.call('AmazonSQS.SendMessage', {
        QueueUrl: completions['QueueUrl'],
        MessageBody: JSON.stringify(report),
      });
    },
  };
}

async function receive(
  endpoint: Endpoint,
  QueueUrl: string,
  most: number,
): Promise<readonly Record<string, unknown>[]> {
  const got = await endpoint.call('AmazonSQS.ReceiveMessage', {
    QueueUrl,
    MaxNumberOfMessages: most,
    WaitTimeSeconds: 0,
  });
  const messages = (got['Messages'] ?? []) as { Body: string; ReceiptHandle: string }[];
  if (messages.length > 0) {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await endpoint.call('AmazonSQS.DeleteMessageBatch', { QueueUrl, Entries });
  }
  return messages.map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
}

async function createWork(
  endpoint: Endpoint,
  task: (queueUrl: string) => object,
): Promise<{ readonly QueueUrl: string; readonly work: Pick<CallbackWork, 'start' | 'status'> }> {
  const sfn = (action: string, body: Record<string, unknown>) => endpoint.call(`AWSStepFunctions.${action}`, body);
  const QueueUrl = String((await endpoint.call('AmazonSQS.CreateQueue', { QueueName: unique('bench') }))['QueueUrl']);
  const definition = JSON.stringify({
    StartAt: 'Before',
    States: {
      Before: { Type: 'Pass', Next: 'Wait' },
      Wait: { Type: 'Task', ...task(QueueUrl), TimeoutSeconds: 3600, Next: 'After' },
      After: { Type: 'Pass', End: true },
    },
  });
  const roleArn = `arn:aws:iam::123456789012:role/${names.workflowRole}`;
  const { stateMachineArn } = await sfn('CreateStateMachine', { name: unique('bench'), definition, roleArn });
  const work = {
    async start() {
      const { executionArn } = await sfn('StartExecution', { stateMachineArn, name: unique('x'), input: '{"i":1}' });
      return String(executionArn);
    },
    async status(executionArn: string) {
      return String((await sfn('DescribeExecution', { executionArn }))['status']);
    },
  };
  return { QueueUrl, work };
}
