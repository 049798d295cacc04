/** The measure of the diagnosis: faults that are planted in the whole local platform. Each is named by its cause, and its remedy ends the wait. */
import { AwsError } from '@baton/local-aws';
import { names } from '@baton/local-platform';
import { startPlatform, type TestPlatform } from '@baton/local-platform/testing';
import { diagnose, type Diagnosis, failure, settleByHand } from '@baton/token-lib';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { connectWorld } from '../src/server/connect-world.ts';

const [ann, bob] = ['ann@example.com', 'bob@example.com'];
let platform: TestPlatform;
/** What calls of these actions fail with. */
const broken = new Map<string, string>();

beforeAll(async () => {
  const throttle = ({ service, action }: { service: string; action: string }): void => {
    const code = broken.get(`${service}:${action}`);
    if (code !== undefined) throw new AwsError(code, 'as the test has it');
  };
  platform = await startPlatform({ clock: 'manual', iam: 'off', approvers: [ann, bob], steps: { throttle } });
  partner = await startPartner();
}, 120_000);
afterAll(async () => {
  partner.close();
  await platform.close();
});
afterEach(() => broken.clear());

/** A partner who takes requests, and answers the last one when it is told to. */
let partner: Awaited<ReturnType<typeof startPartner>>;
async function startPartner() {
  let callbackUrl = '';
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      ({ callbackUrl } = JSON.parse(text) as { callbackUrl: string });
      response.writeHead(202).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const answer = () =>
    fetch(callbackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'success', output: {} }),
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    answer,
    close: () => server.close(),
  };
}

/** A world of its own for each look: none remembers what another one was told. */
async function look<T>(work: (world: ReturnType<typeof connectWorld>) => Promise<T>): Promise<T> {
  const { region } = platform.aws.world;
  const world = connectWorld({
    place: { kind: 'local', region, table: names.table },
    region,
    endpoint: platform.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    now: () => platform.aws.clock.now(),
    who: async () => 'the test',
    pollMillis: 1_000,
  });
  try {
    return await work(world);
  } finally {
    world.close();
  }
}

const diagnosed = (callbackId: string): Promise<Diagnosis> =>
  look(async ({ callbacks, facts, now }) => {
    const row = await callbacks?.store.read(callbackId);
    if (row === undefined || facts === undefined) throw new Error(`there is no callback ${callbackId}`);
    expect(now()).toBe(platform.aws.clock.now());
    return diagnose(await facts.gather(row, 'all'));
  });

const stopByHand = (callbackId: string): Promise<void> =>
  look(async ({ callbacks, now }) => {
    const row = await callbacks?.store.read(callbackId);
    if (row === undefined || callbacks === undefined) throw new Error(`there is no callback ${callbackId}`);
    await settleByHand(callbacks, row, failure('Tidy.Up', 'by hand'), { who: 'test', why: 'remedy' }, now());
  });

interface Planted {
  readonly execution: string;
  readonly callbackId: string;
  /** Does what the remedy says. */
  mend(): Promise<unknown>;
}

interface Fault {
  readonly name: string;
  readonly cause: string;
  readonly sentence: RegExp;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  plant(): Promise<Planted>;
}

const call: TestPlatform['aws']['call'] = (action, input) => platform.aws.call(action, input);
let counted = 0;
const fresh = (what: string): string => `${what}-${(counted += 1)}`;

async function started(
  work: object,
  options?: { timeoutSeconds: number },
): Promise<{ execution: string; callbackId: string }> {
  const execution = await platform.start(work, options);
  return { execution, callbackId: await platform.dispatched(execution) };
}

/** Takes the messages of a queue until one is this callback's, and reports its success, as a worker would. */
async function workOff(queueUrl: string, callbackId: string): Promise<void> {
  for (let taken = 0; taken < 20; taken++) {
    const { Messages = [] } = (await call('sqs:ReceiveMessage', { QueueUrl: queueUrl })) as {
      Messages?: { Body: string }[];
    };
    const body = JSON.parse(Messages[0]?.Body ?? '{}') as { callbackId?: string; workSecret?: string };
    if (body.callbackId !== callbackId) continue;
    return platform.report({ type: 'success', callbackId, workSecret: body.workSecret, output: 'done' });
  }
}

async function onQueue(attributes: Record<string, string> = {}, messages = 1, heartbeatSeconds?: number) {
  const queueUrl = await platform.queue(fresh('queue'), attributes);
  const all = [];
  for (let index = 0; index < messages; index++) {
    all.push(await started({ kind: 'queue', queueUrl, message: index, ...(heartbeatSeconds && { heartbeatSeconds }) }));
  }
  return { queueUrl, ...all.at(-1)! };
}

/** A worker has reported, and Step Functions answers with this error. */
const untold = (code: string, cause: string, sentence: RegExp): Fault => ({
  name: `Step Functions answers ${code}`,
  cause,
  sentence,
  status: 'SUCCEEDED',
  async plant() {
    const { queueUrl, execution, callbackId } = await onQueue();
    broken.set('states:SendTaskSuccess', code);
    await workOff(queueUrl, callbackId);
    await platform.advance(3_000);
    return {
      ...{ execution, callbackId },
      async mend() {
        broken.clear();
        await platform.advance(900_000);
      },
    };
  },
});

const reserve = (name: string, ReservedConcurrentExecutions: number) =>
  call('lambda:PutFunctionConcurrency', { FunctionName: name, ReservedConcurrentExecutions });
const release = (name: string) => call('lambda:DeleteFunctionConcurrency', { FunctionName: name });

/** While this function of the platform may not run, whatever waits is told so. */
const stoppedFunction = (name: string): Fault => ({
  name: `${name} may not run`,
  cause: 'platform-function-stopped',
  sentence: new RegExp(`${name} does not run: its reserved concurrency is 0`),
  status: 'SUCCEEDED',
  async plant() {
    const { queueUrl, execution, callbackId } = await onQueue();
    await reserve(names.function(name), 0);
    return {
      ...{ execution, callbackId },
      async mend() {
        await release(names.function(name));
        await workOff(queueUrl, callbackId);
      },
    };
  },
});

const approvers = [
  { name: 'Ann', email: ann },
  { name: 'Bob', email: bob },
];
async function asked(needed: number) {
  // SNS suspends a subscription that gets more than ten mails in a second.
  await platform.advance(1_000);
  return started({ kind: 'approval', title: 'Release?', approvers, needed });
}
const vote = async (email: string): Promise<unknown> =>
  fetch(await platform.linkFor(email), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'approved', comment: '' }),
  });

async function onHost(heartbeatSeconds: number) {
  const instanceId = `i-0ba7000000000${String((counted += 1)).padStart(4, '0')}`;
  await platform.launchHost(instanceId);
  return { instanceId, heartbeatSeconds };
}

const RUNS_LONG = ['sleep', '300'];
async function running(heartbeatSeconds = 30) {
  const { instanceId } = await onHost(heartbeatSeconds);
  const at = await started({ kind: 'ssm', instanceId, command: RUNS_LONG, heartbeatSeconds });
  await platform.asked('claim', ({ callbackId, status }) => callbackId === at.callbackId && status === 200);
  await platform.aws.activity.idle();
  return { ...at, instanceId };
}

const disable = (rule: string) => call('events:DisableRule', { Name: `baton-${rule}` });

const faults: Fault[] = [
  untold('ThrottlingException', 'told-throttled', /not told for \d+ s: throttled/),
  untold('KmsThrottlingException', 'told-throttled', /throttled/),
  untold('KmsAccessDeniedException', 'told-kms', /KMS refuses/),
  untold('KmsInvalidStateException', 'told-kms', /KMS refuses/),
  untold('AccessDeniedException', 'told-denied', /IAM refuses/),
  untold('InternalFailure', 'told-unavailable', /does not answer/),
  ...['completer-http', 'completer-events', 'completer-approvals', 'completer-webhooks'].map(stoppedFunction),
  {
    name: 'nobody takes messages',
    cause: 'no-consumer',
    sentence: /nobody takes messages/,
    status: 'SUCCEEDED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue();
      return { execution, callbackId, mend: () => workOff(queueUrl, callbackId) };
    },
  },
  {
    name: 'a backlog',
    cause: 'queue-backlog',
    sentence: /in the queue queue-\d+ behind 38/,
    status: 'SUCCEEDED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue({}, 1);
      for (let index = 0; index < 38; index++) await call('sqs:SendMessage', { QueueUrl: queueUrl, MessageBody: '{}' });
      const { Messages } = await call('sqs:ReceiveMessage', { QueueUrl: queueUrl });
      const [{ Body, ReceiptHandle }] = Messages as [{ Body: string; ReceiptHandle: string }];
      const { workSecret } = JSON.parse(Body) as { workSecret: string };
      void ReceiptHandle;
      return {
        execution,
        callbackId,
        mend: () => platform.report({ type: 'success', callbackId, workSecret, output: 1 }),
      };
    },
  },
  {
    name: 'a message in work, of which nobody reports',
    cause: 'in-work',
    sentence: /a worker has its message/,
    status: 'FAILED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue();
      await call('sqs:ReceiveMessage', { QueueUrl: queueUrl });
      return { execution, callbackId, mend: () => stopByHand(callbackId) };
    },
  },
  {
    name: 'a message that was taken and forgotten',
    cause: 'message-taken',
    sentence: /was taken, and nobody has reported/,
    status: 'FAILED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue();
      await call('sqs:PurgeQueue', { QueueUrl: queueUrl });
      return { execution, callbackId, mend: () => stopByHand(callbackId) };
    },
  },
  {
    name: 'a queue that was deleted',
    cause: 'queue-missing',
    sentence: /is not there any more/,
    status: 'FAILED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue();
      await call('sqs:DeleteQueue', { QueueUrl: queueUrl });
      await platform.advance(61_000);
      return { execution, callbackId, mend: () => stopByHand(callbackId) };
    },
  },
  {
    name: 'a dead letter that nobody reads',
    cause: 'dead-letter',
    sentence: /dead-letter queue holds 1/,
    status: 'FAILED',
    async plant() {
      const dead = fresh('dead');
      await platform.queue(dead);
      const deadLetterTargetArn = `arn:aws:sqs:us-east-1:123456789012:${dead}`;
      const { queueUrl, execution, callbackId } = await onQueue({
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
        VisibilityTimeout: '1',
      });
      await call('sqs:ReceiveMessage', { QueueUrl: queueUrl });
      await platform.advance(2_000);
      await call('sqs:ReceiveMessage', { QueueUrl: queueUrl });
      return { execution, callbackId, mend: () => stopByHand(callbackId) };
    },
  },
  {
    name: 'an event source mapping that is disabled',
    cause: 'consumer-disabled',
    sentence: /event source mapping is Disabled/,
    status: 'SUCCEEDED',
    async plant() {
      const queue = fresh('mapped');
      const queueUrl = await platform.queue(queue);
      await platform.createWorker(fresh('idle'), 'export const handler = async () => {};', { queue });
      const { EventSourceMappings } = await call('lambda:ListEventSourceMappings', {
        EventSourceArn: `arn:aws:sqs:us-east-1:123456789012:${queue}`,
      });
      const [{ UUID }] = EventSourceMappings as [{ UUID: string }];
      await call('lambda:UpdateEventSourceMapping', { UUID, Enabled: false });
      await platform.advance(1_000);
      const at = await started({ kind: 'queue', queueUrl, message: 1 });
      return { ...at, mend: () => workOff(queueUrl, at.callbackId) };
    },
  },
  {
    name: 'a function that was deleted',
    cause: 'function-missing',
    sentence: /is not there any more/,
    status: 'FAILED',
    async plant() {
      const functionName = await platform.createWorker(fresh('gone'), 'export const handler = async () => {};');
      const at = await started({ kind: 'lambda', functionName, payload: {} });
      await platform.invoked(functionName, at.callbackId);
      await platform.aws.activity.idle();
      await call('lambda:DeleteFunction', { FunctionName: functionName });
      return { ...at, mend: () => stopByHand(at.callbackId) };
    },
  },
  {
    name: 'a function that may not run',
    cause: 'function-stopped',
    sentence: /its reserved concurrency is 0/,
    status: 'SUCCEEDED',
    async plant() {
      const functionName = await platform.createWorker(fresh('held'), 'export const handler = async () => {};');
      await reserve(functionName, 0);
      const at = await started({ kind: 'lambda', functionName, payload: {} });
      return {
        ...at,
        async mend() {
          await release(functionName);
          const { callbackId, workSecret } = await platform.invoked(functionName, at.callbackId);
          await platform.report({ type: 'success', callbackId, workSecret, output: 1 });
        },
      };
    },
  },
  {
    name: 'people who have not voted',
    cause: 'undecided',
    sentence: /Ann and Bob have not voted/,
    status: 'SUCCEEDED',
    plant: async () => ({ ...(await asked(1)), mend: () => vote(ann) }),
  },
  {
    name: 'one of two who has not voted',
    cause: 'votes-missing',
    sentence: /1 of 2 approvals; Bob has not voted/,
    status: 'SUCCEEDED',
    async plant() {
      const at = await asked(2);
      await vote(ann);
      return { ...at, mend: () => vote(bob) };
    },
  },
  {
    name: 'a host that is lost, and nobody tells',
    cause: 'host-unreachable',
    sentence: /worker silent for .*its host’s agent does not answer/,
    status: 'FAILED',
    async plant() {
      const { instanceId, ...at } = await running();
      await platform.aws.hosts.kill(instanceId, { unnoticed: true });
      await platform.advance(25_000);
      return { ...at, mend: () => stopByHand(at.callbackId) };
    },
  },
  {
    name: 'a host that was terminated while its events were lost',
    cause: 'host-lost',
    sentence: /is (terminated|shutting-down)/,
    status: 'FAILED',
    async plant() {
      const { instanceId, ...at } = await running();
      await disable('host-ended');
      await platform.aws.hosts.terminate(instanceId);
      return { ...at, mend: () => stopByHand(at.callbackId) };
    },
  },
  {
    name: 'a host that was stopped while its events were lost',
    cause: 'host-stopped',
    sentence: /is (stopped|stopping)/,
    status: 'FAILED',
    async plant() {
      const { instanceId, ...at } = await running();
      await disable('host-ended');
      await platform.aws.hosts.stop(instanceId);
      return { ...at, mend: () => stopByHand(at.callbackId) };
    },
  },
  {
    name: 'a job that has fallen silent on a host that runs',
    cause: 'worker-silent',
    sentence: /worker silent for/,
    status: 'FAILED',
    async plant() {
      const at = await running(3_000);
      await platform.advance(2_500_000);
      return { ...at, mend: () => stopByHand(at.callbackId) };
    },
  },
  {
    name: 'a worker of a queue that has fallen silent',
    cause: 'worker-silent',
    sentence: /worker silent for/,
    status: 'SUCCEEDED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue({}, 1, 30);
      const { workSecret } = (await platform.receive(queueUrl)).body;
      await platform.report({ type: 'heartbeat', callbackId, workSecret });
      await platform.aws.activity.idle();
      await platform.advance(25_000);
      return {
        execution,
        callbackId,
        mend: () => platform.report({ type: 'success', callbackId, workSecret, output: 1 }),
      };
    },
  },
  {
    name: 'a message that its queue delays',
    cause: 'delayed',
    sentence: /is delayed in the queue/,
    status: 'SUCCEEDED',
    async plant() {
      const { queueUrl, execution, callbackId } = await onQueue({ DelaySeconds: '600' });
      return {
        ...{ execution, callbackId },
        async mend() {
          await platform.advance(601_000);
          await workOff(queueUrl, callbackId);
        },
      };
    },
  },
  {
    name: 'a partner who was asked a moment ago',
    cause: 'partner-asked',
    sentence: /has not answered for/,
    status: 'SUCCEEDED',
    async plant() {
      const at = await started({ kind: 'webhook', url: partner.url, payload: {} });
      return { ...at, mend: () => partner.answer() };
    },
  },
  {
    name: 'a partner who is silent for more than half of the time',
    cause: 'partner-silent',
    sentence: /has not answered for 33 min/,
    status: 'SUCCEEDED',
    async plant() {
      const at = await started({ kind: 'webhook', url: partner.url, payload: {} });
      await platform.advance(2_000_000);
      return { ...at, mend: () => partner.answer() };
    },
  },
  {
    name: 'approvers whose subscription has gone',
    cause: 'nobody-subscribed',
    sentence: /Ann and Bob are not subscribed/,
    status: 'SUCCEEDED',
    async plant() {
      const at = await asked(1);
      const link = await platform.linkFor(ann);
      const TopicArn = platform.deployment.noticeTopicArn;
      const { Subscriptions } = await call('sns:ListSubscriptionsByTopic', { TopicArn });
      for (const { SubscriptionArn } of Subscriptions as { SubscriptionArn: string }[])
        await call('sns:Unsubscribe', { SubscriptionArn });
      return {
        ...at,
        mend: () => fetch(link, { method: 'POST', body: new URLSearchParams({ decision: 'approved', comment: '' }) }),
      };
    },
  },
  {
    name: 'an execution that was stopped while its events were lost',
    cause: 'execution-ended',
    sentence: /the execution has ended \(ABORTED\)/,
    status: 'ABORTED',
    async plant() {
      const { execution, callbackId } = await onQueue();
      await disable('execution-ended');
      await call('states:StopExecution', { executionArn: execution });
      return {
        ...{ execution, callbackId },
        async mend() {
          await call('events:EnableRule', { Name: 'baton-execution-ended' });
          await platform.advance(7_200_000);
          expect((await diagnosed(callbackId)).cause).toBe('closed');
        },
      };
    },
  },
  {
    name: 'a job that runs',
    cause: 'running',
    sentence: /running for/,
    status: 'FAILED',
    async plant() {
      const { execution, callbackId } = await running();
      return { execution, callbackId, mend: () => stopByHand(callbackId) };
    },
  },
];

test.each(faults.map((fault) => [fault.name, fault] as const))(
  '%s is named, and its remedy works',
  async (_, fault) => {
    const { execution, callbackId, mend } = await fault.plant();
    const said = await diagnosed(callbackId);
    expect(said).toMatchObject({ cause: fault.cause, sentence: expect.stringMatching(fault.sentence) as string });
    if (said.tone !== 'calm') expect(said.remedy).not.toBeUndefined();
    await mend();
    expect(await platform.ended(execution)).toMatchObject({ status: fault.status });
  },
);
