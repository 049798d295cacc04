import { createLocalAws, type LocalAws } from '@baton/local-aws';
import { deployPlatform, type Deployment } from '@baton/local-platform';
import { watch, type Watch } from '@baton/local-platform/testing';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spread } from './statistics.ts';

const runs = 20;
const warmUps = 3;
const approver = 'ann@example.com';

/** A waiting execution, and what somebody outside does to complete it. */
interface Waiting {
  readonly execution: string;
  complete(): Promise<unknown>;
}

interface Platform extends Watch {
  readonly aws: LocalAws;
  readonly deployment: Deployment;
  readonly partner: { readonly url: string; readonly callbackUrls: string[] };
}

/**
 * The overhead of a callback: from when the success is sent from outside until the state that waited is left and the execution
 * has ended, over HTTP or a queue, through the built bundles.
 */
export async function benchPatterns(): Promise<Record<string, unknown>[]> {
  const aws = createLocalAws();
  const partner = await startPartner();
  try {
    const seen = watch(aws);
    await aws.listen();
    const platform: Platform = { ...seen, aws, deployment: await deployPlatform(aws), partner };
    await subscribeApprover(platform);
    const rows: Record<string, unknown>[] = [];
    for (const [pattern, begin] of Object.entries(PATTERNS)) {
      const start = await begin(platform);
      const times: number[] = [];
      for (let run = -warmUps; run < runs; run += 1) {
        const time = await overhead(platform, await start());
        if (run >= 0) times.push(time);
      }
      const { min, median, max } = spread(times);
      rows.push({ pattern, 'ms (median)': median, 'min..max': `${min}..${max}` });
    }
    return rows;
  } finally {
    partner.close();
    await aws.close();
  }
}

async function overhead({ when, events }: Platform, waiting: Waiting): Promise<number> {
  const { execution } = waiting;
  const began = performance.now();
  const ended = when(() =>
    events.find(({ detail }) => detail['executionArn'] === execution && detail['status'] !== 'RUNNING'),
  ).then(({ detail }) => ({ status: detail['status'], after: performance.now() - began }));
  const completed = waiting.complete();
  const { status, after } = await ended;
  await completed;
  if (status !== 'SUCCEEDED') throw new Error(`the execution ended ${String(status)}`);
  return after;
}

const PATTERNS: Readonly<Record<string, (platform: Platform) => Promise<() => Promise<Waiting>>>> = {
  'token in a queue message, SendTaskSuccess by the worker': async (platform) => {
    const { aws } = platform;
    const { QueueUrl } = await aws.call('sqs', 'CreateQueue', { QueueName: 'direct' });
    const machine = await createMachine(aws, 'direct', {
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl, MessageBody: { 'taskToken.$': '$$.Task.Token' } },
    });
    return async () => {
      const execution = await start(aws, machine);
      const { taskToken } = JSON.parse(await receive(aws, String(QueueUrl))) as { taskToken: string };
      return {
        execution,
        complete: () => post(aws, 'AWSStepFunctions.SendTaskSuccess', { taskToken, output: '{"ok":true}' }),
      };
    };
  },
  'dispatched to a queue, report as a message': async (platform) => {
    const { aws, deployment } = platform;
    const { QueueUrl: queueUrl } = await aws.call('sqs', 'CreateQueue', { QueueName: 'dispatched' });
    const machine = await createDispatching(platform, 'queue', { kind: 'queue', queueUrl, message: {} });
    return async () => {
      const execution = await start(aws, machine);
      const { callbackId } = JSON.parse(await receive(aws, String(queueUrl))) as { callbackId: string };
      const MessageBody = JSON.stringify({ callbackId, type: 'success', output: { ok: true } });
      return {
        execution,
        complete: () => post(aws, 'AmazonSQS.SendMessage', { QueueUrl: deployment.completionsQueueUrl, MessageBody }),
      };
    };
  },
  "an approver's click": async (platform) => {
    const { aws, when } = platform;
    const approvers = [{ name: 'Ann', email: approver }];
    const machine = await createDispatching(platform, 'approval', { kind: 'approval', title: 'Go?', approvers });
    return async () => {
      const before = aws.sns.outbox.length;
      const execution = await start(aws, machine);
      const mail = await when(() => aws.sns.outbox.slice(before).find(({ to }) => to === approver));
      const link = /http\S+\/approvals\/\S+/.exec(mail.text)?.[0] ?? '';
      await dispatched(platform, execution);
      const body = new URLSearchParams({ decision: 'approved', comment: '' });
      return { execution, complete: () => fetch(link, { method: 'POST', body }) };
    };
  },
  "a partner's call back": async (platform) => {
    const { aws, partner } = platform;
    const machine = await createDispatching(platform, 'webhook', { kind: 'webhook', url: partner.url, payload: {} });
    return async () => {
      const execution = await start(aws, machine);
      await dispatched(platform, execution);
      const url = partner.callbackUrls.at(-1) ?? '';
      const body = JSON.stringify({ status: 'success', output: { ok: true } });
      const headers = { 'content-type': 'application/json' };
      return { execution, complete: () => fetch(url, { method: 'POST', headers, body }) };
    };
  },
};

async function createMachine(aws: LocalAws, name: string, task: object): Promise<string> {
  const definition = JSON.stringify({
    StartAt: 'Wait',
    States: { Wait: { Type: 'Task', ...task, TimeoutSeconds: 600, Next: 'After' }, After: { Type: 'Pass', End: true } },
  });
  const roleArn = `arn:aws:iam::${aws.world.accountId}:role/bench`;
  return String((await aws.call('states', 'CreateStateMachine', { name, definition, roleArn }))['stateMachineArn']);
}

const createDispatching = ({ aws, deployment }: Platform, name: string, work: object): Promise<string> =>
  createMachine(aws, name, {
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
        work: { ...work, timeoutSeconds: 600 },
      },
    },
  });

const start = async (aws: LocalAws, stateMachineArn: string): Promise<string> =>
  String((await aws.call('states', 'StartExecution', { stateMachineArn, input: '{}' }))['executionArn']);

/** Resolves when the dispatcher has handed the work over and stored that it has. */
const dispatched = ({ when, calls }: Platform, execution: string): Promise<unknown> =>
  when(() =>
    calls.find(({ action, input }) => {
      const item = action === 'PutItem' ? JSON.stringify(input) : '';
      return item.includes('"Dispatched"') && item.includes(execution);
    }),
  );

async function receive(aws: LocalAws, QueueUrl: string): Promise<string> {
  const { Messages } = await aws.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
  const [message] = (Messages ?? []) as { Body: string; ReceiptHandle: string }[];
  if (!message) throw new Error(`no message came to ${QueueUrl}`);
  await aws.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  return message.Body;
}

async function post(aws: LocalAws, target: string, body: object): Promise<void> {
  const answer = await fetch(aws.world.endpoint(), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`);
}

async function subscribeApprover({ aws, deployment }: Platform): Promise<void> {
  const TopicArn = deployment.noticeTopicArn;
  const Attributes = { FilterPolicy: JSON.stringify({ email: [approver] }) };
  await aws.call('sns', 'Subscribe', { TopicArn, Protocol: 'email', Endpoint: approver, Attributes });
  const asked = new URL(String(aws.sns.outbox.at(-1)?.confirmUrl));
  await aws.call('sns', 'ConfirmSubscription', { TopicArn, Token: asked.searchParams.get('Token') });
}

async function startPartner(): Promise<Platform['partner'] & { close: () => void }> {
  const callbackUrls: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      callbackUrls.push((JSON.parse(text) as { callbackUrl: string }).callbackUrl);
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, callbackUrls, close: () => void server.close() };
}
