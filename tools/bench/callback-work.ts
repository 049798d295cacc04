import type { Endpoint } from './endpoint.ts';

/** Pass, a waiting SQS task, Pass: the three states that every figure here is about. */
export interface CallbackWork {
  start(): Promise<string>;
  /** The tokens of the messages that have arrived. */
  receive(most: number): Promise<string[]>;
  succeed(taskToken: string): Promise<void>;
  status(executionArn: string): Promise<string>;
}

let names = 0;
const unique = (prefix: string): string => `${prefix}-${process.pid}-${names++}`;

export async function createCallbackWork(endpoint: Endpoint): Promise<CallbackWork> {
  const sfn = (action: string, body: Record<string, unknown>) => endpoint.call(`AWSStepFunctions.${action}`, body);
  const sqs = (action: string, body: Record<string, unknown>) => endpoint.call(`AmazonSQS.${action}`, body);
  const { QueueUrl } = await sqs('CreateQueue', { QueueName: unique('bench') });
  const definition = JSON.stringify({
    StartAt: 'Before',
    States: {
      Before: { Type: 'Pass', Next: 'Wait' },
      Wait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        TimeoutSeconds: 3600,
        Parameters: { QueueUrl, MessageBody: { 'in.$': '$', 'token.$': '$$.Task.Token' } },
        Next: 'After',
      },
      After: { Type: 'Pass', End: true },
    },
  });
  const roleArn = 'arn:aws:iam::123456789012:role/bench';
  const { stateMachineArn } = await sfn('CreateStateMachine', { name: unique('bench'), definition, roleArn });

  return {
    async start() {
      const { executionArn } = await sfn('StartExecution', { stateMachineArn, name: unique('x'), input: '{"i":1}' });
      return String(executionArn);
    },
    async receive(most) {
      const got = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: most, WaitTimeSeconds: 0 });
      const messages = (got['Messages'] ?? []) as { Body: string; ReceiptHandle: string }[];
      if (messages.length > 0) {
        const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
        await sqs('DeleteMessageBatch', { QueueUrl, Entries });
      }
      return messages.map(({ Body }) => (JSON.parse(Body) as { token: string }).token);
    },
    async succeed(taskToken) {
      await sfn('SendTaskSuccess', { taskToken, output: '{"ok":true}' });
    },
    async status(executionArn) {
      return String((await sfn('DescribeExecution', { executionArn }))['status']);
    },
  };
}
