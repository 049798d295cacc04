/** A platform for the kinds of work that need no host: one state that waits, and clients that play the workers. */
import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { buildSync } from 'esbuild';
import { strToU8, zipSync } from 'fflate';
import type { AwsConnection } from '@baton/token-lib/aws';
import { deployPlatform, names, type Deployment } from '../src/index.ts';
import { watch, type Watch } from '../src/testing/index.ts';

export interface KindsPlatform extends Watch {
  readonly aws: LocalAws;
  readonly deployment: Deployment;
  /** Starts an execution of the one state, with this as its `work`. */
  start(work: object, times?: { readonly timeoutSeconds?: number }): Promise<string>;
  ended(executionArn: string): Promise<{ status: string; output: unknown; error?: string; cause?: string }>;
  /** Makes a queue; answers its URL. */
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  /** The next message of a queue, as a worker takes it. */
  receive(queueUrl: string): Promise<ReceivedMessage>;
  /** Starts an execution that sends its raw token to the queue. */
  startDirect(queueUrl: string, work?: unknown): Promise<string>;
  /** Makes a worker of this module, bundled as workers are; it takes the messages of the queue, if there is one. */
  worker(name: string, code: string, handler: string, queue?: string): Promise<void>;
  /** The link in the newest mail to this address. */
  linkFor(email: string): Promise<string>;
  /** Makes a function of this module, whose failures end at the completer; answers its name. */
  fn(name: string, code: string): Promise<string>;
  /** Sets the credentials of a worker; answers how it reaches the platform. */
  asWorker(set: (name: string, value: string) => void): AwsConnection;
  /** The payload that the function was invoked with. */
  invoked(functionName: string): Promise<Record<string, unknown>>;
  report(message: object | string): Promise<void>;
  /** What the completer's queue functions have logged. */
  logs(functionName: string): string;
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export interface ReceivedMessage {
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly handle: string;
}

export const APPROVERS = ['ann@example.com', 'bob@example.com'] as const;

/** Notices to this address, confirmed so that a scanner that follows every link of a mail does not end them. */
async function subscribe(aws: LocalAws, TopicArn: string, Endpoint: string): Promise<void> {
  const Attributes = { FilterPolicy: JSON.stringify({ email: [Endpoint] }) };
  await aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint, Attributes });
  const asked = new URL(String(aws.sns.outbox.at(-1)?.confirmUrl));
  await aws.call('sns:ConfirmSubscription', {
    TopicArn,
    Token: asked.searchParams.get('Token'),
    AuthenticateOnUnsubscribe: 'true',
  });
}

export async function startKinds(): Promise<KindsPlatform> {
  const aws = createLocalAws({ clock: 'manual' });
  const seen = watch(aws);
  const url = await aws.listen();
  const deployment = await deployPlatform(aws);
  for (const email of APPROVERS) await subscribe(aws, deployment.noticeTopicArn, email);

  return {
    ...seen,
    aws,
    deployment,
    async start(work, { timeoutSeconds = 3600 } = {}) {
      return startMachine(aws, dispatches(deployment, { timeoutSeconds, ...work }), timeoutSeconds);
    },
    async ended(executionArn) {
      await seen.executionEnded(executionArn);
      const { status, output, error, cause } = (await aws.call('states:DescribeExecution', {
        executionArn,
      })) as Record<string, string>;
      return {
        status: String(status),
        output: output === undefined ? undefined : JSON.parse(output),
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
    },
    async queue(name, Attributes = {}) {
      return String((await aws.call('sqs:CreateQueue', { QueueName: name, Attributes }))['QueueUrl']);
    },
    async receive(QueueUrl) {
      const taken = () =>
        seen.calls.find(({ action, input }) => action === 'SendMessage' && input['QueueUrl'] === QueueUrl);
      await seen.when(taken);
      const { Messages } = (await aws.call('sqs:ReceiveMessage', { QueueUrl })) as {
        Messages?: { Body: string; ReceiptHandle: string }[];
      };
      const [message] = Messages ?? [];
      if (message === undefined) throw new Error(`${QueueUrl} is empty`);
      return {
        text: message.Body,
        body: JSON.parse(message.Body) as Record<string, unknown>,
        handle: message.ReceiptHandle,
      };
    },
    startDirect: (queueUrl, work = 1) =>
      startMachine(aws, {
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: queueUrl, MessageBody: { 'TaskToken.$': '$$.Task.Token', work } },
      }),
    async linkFor(email) {
      const mail = await seen.when(() =>
        aws.sns.outbox.findLast(({ to, text }) => to === email && !text.includes('confirm')),
      );
      return /http\S+\/approvals\/\S+/.exec(mail.text)?.[0] ?? '';
    },
    async fn(FunctionName, code) {
      await aws.call('lambda:CreateFunction', {
        FunctionName,
        Runtime: 'nodejs22.x',
        Role: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
        Handler: 'main.handler',
        Code: { ZipFile: zipSync({ 'main.mjs': strToU8(code) }) },
      });
      await aws.call('lambda:PutFunctionEventInvokeConfig', {
        FunctionName,
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: deployment.destinationFunctionArn } },
      });
      return FunctionName;
    },
    async worker(FunctionName, code, Handler, queue) {
      await aws.call('lambda:CreateFunction', {
        FunctionName,
        Runtime: 'nodejs22.x',
        Role: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
        Handler,
        Code: { ZipFile: zipSync({ 'main.mjs': bundled(code) }) },
        Environment: {
          Variables: {
            BATON_ENDPOINT: deployment.endpoint,
            BATON_COMPLETIONS_QUEUE_URL: deployment.completionsQueueUrl,
          },
        },
      });
      if (queue === undefined) return;
      await aws.call('lambda:CreateEventSourceMapping', {
        FunctionName,
        EventSourceArn: `arn:aws:sqs:${aws.world.region}:${aws.world.accountId}:${queue}`,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      });
    },
    asWorker(set) {
      const issued = aws.world.credentials.issue({
        roleArn: `arn:aws:iam::${aws.world.accountId}:role/${names.workerRole}`,
        sessionName: 'container-1',
        durationSeconds: 900,
      });
      set('AWS_ACCESS_KEY_ID', issued.accessKeyId);
      set('AWS_SECRET_ACCESS_KEY', issued.secretAccessKey);
      set('AWS_SESSION_TOKEN', issued.session.token);
      return { region: aws.world.region, endpointOf: () => url, timeout: 30_000 };
    },
    async invoked(functionName) {
      const call = await seen.when(() =>
        seen.calls.find(({ action, input }) => action === 'Invoke' && input['FunctionName'] === functionName),
      );
      const payload = call.input['Payload'];
      const text = payload instanceof Uint8Array ? new TextDecoder().decode(payload) : String(payload);
      return JSON.parse(text) as Record<string, unknown>;
    },
    async report(message) {
      await aws.call('sqs:SendMessage', {
        QueueUrl: deployment.completionsQueueUrl,
        MessageBody: typeof message === 'string' ? message : JSON.stringify(message),
      });
    },
    logs: (functionName) => JSON.stringify(aws.logs.lines(`/aws/lambda/${names.function(functionName)}`)),
    advance: (milliseconds) => aws.clock.advance(milliseconds),
    close: () => aws.close(),
  };
}

/** As the apps are built. */
function bundled(contents: string): Uint8Array {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@baton/source', 'module'],
    mainFields: ['module', 'main'],
    alias: {
      '@aws-sdk/credential-provider-node': `${import.meta.dirname}/../../token-lib/src/aws/environment-credentials.ts`,
    },
    write: false,
  });
  return outputFiles[0]!.contents;
}

async function startMachine(aws: LocalAws, task: object, timeoutSeconds = 3600): Promise<string> {
  const wait = { Type: 'Task', ...task, TimeoutSeconds: timeoutSeconds, End: true };
  const { stateMachineArn } = await aws.call('states:CreateStateMachine', {
    name: `waits-${aws.world.uuid()}`,
    definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: wait } }),
    roleArn: `arn:aws:iam::${aws.world.accountId}:role/baton-workflow`,
  });
  return String((await aws.call('states:StartExecution', { stateMachineArn, input: '{}' }))['executionArn']);
}

const dispatches = (deployment: Deployment, work: object) => ({
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Parameters: {
    FunctionName: deployment.dispatcherFunctionArn,
    Payload: {
      'taskToken.$': '$$.Task.Token',
      context: {
        'executionArn.$': '$$.Execution.Id',
        'state.$': '$$.State.Name',
        'enteredTime.$': '$$.State.EnteredTime',
        'retryCount.$': '$$.State.RetryCount',
      },
      work,
    },
  },
});
