import type { LocalAws } from '@baton/local-aws';
import { dispatching, startPlatform, type TestPlatform } from '@baton/local-platform/testing';
import { httpReports } from '@baton/token-lib/worker';
import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { spread } from './statistics.ts';

const runs = 20;
const warmUps = 3;
const approver = 'ann@example.com';
const hostId = 'i-0ba70000000000001';
const limits = { timeoutSeconds: 600 };

interface Platform extends TestPlatform {
  readonly partner: Partner;
}
interface Partner {
  readonly url: string;
  readonly callbackUrls: string[];
  close(): void;
}

/** A waiting execution, and what somebody outside does to complete it. */
interface Waiting {
  readonly execution: string;
  complete(): Promise<unknown>;
}

/**
 * Measures the overhead of a callback, over HTTP or a queue and through the built bundles: from the report of a success until the waiting
 * state is left and the execution has ended.
 */
export async function benchPatterns(): Promise<Record<string, unknown>[]> {
  const platform = { ...(await startPlatform({ approvers: [approver] })), partner: await startPartner() };
  await platform.launchHost(hostId);
  try {
    const rows: Record<string, unknown>[] = [];
    for (const [pattern, begin] of Object.entries(PATTERNS)) {
      const start = await begin(platform);
      const times: number[] = [];
      for (let run = -warmUps; run < runs; run += 1) {
        await platform.aws.activity.idle(); // The ends of executions occupy the completer for a moment.
        const time = await overhead(platform, await start());
        if (run >= 0) times.push(time);
      }
      const { min, median, max } = spread(times);
      rows.push({ pattern, 'ms (median)': median, 'min..max': `${min}..${max}` });
    }
    return rows;
  } finally {
    platform.partner.close();
    await platform.close();
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
    const QueueUrl = await platform.queue('direct');
    const task = {
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl, MessageBody: { 'taskToken.$': '$$.Task.Token' } },
    };
    const machine = await platform.createMachine(task, limits);
    return async () => {
      const execution = await platform.startMachine(machine);
      const { taskToken } = JSON.parse(await take(aws, QueueUrl)) as { taskToken: string };
      return {
        execution,
        complete: () => post(aws, 'AWSStepFunctions.SendTaskSuccess', { taskToken, output: '{"ok":true}' }),
      };
    };
  },
  'dispatched to a queue, report as a message': async (platform) => {
    const { aws, deployment } = platform;
    const queueUrl = await platform.queue('dispatched');
    const machine = await createDispatching(platform, { kind: 'queue', queueUrl, message: {} });
    return async () => {
      const execution = await platform.startMachine(machine);
      const { callbackId, workSecret } = JSON.parse(await take(aws, queueUrl)) as Record<string, string>;
      const MessageBody = JSON.stringify({ callbackId, workSecret, type: 'success', output: { ok: true } });
      return {
        execution,
        complete: () => post(aws, 'AmazonSQS.SendMessage', { QueueUrl: deployment.completionsQueueUrl, MessageBody }),
      };
    };
  },
  'dispatched to a function, report over HTTP': async (platform) => {
    const functionName = await platform.createWorker('baton-work-bench', 'export const handler = async () => {};');
    const machine = await createDispatching(platform, { kind: 'lambda', functionName, payload: {} });
    platform.asWorker((name, value) => (process.env[name] = value));
    const reports = httpReports(platform.deployment.endpoint);
    return async () => {
      const execution = await platform.startMachine(machine);
      const callbackId = await platform.dispatched(execution);
      const invocation = await platform.invoked(functionName, callbackId);
      const report = () => reports(invocation).report({ type: 'success', output: '{"ok":true}' });
      return { execution, complete: report };
    };
  },
  "a job's end on a host": async (platform) => {
    const command = ['cat', 'go'];
    const machine = await createDispatching(platform, {
      kind: 'ssm',
      instanceId: hostId,
      command,
      heartbeatSeconds: 60,
    });
    const pipe = join(platform.hostFolder, 'go');
    execFileSync('mkfifo', [pipe]);
    return async () => {
      const execution = await platform.startMachine(machine);
      const job = await open(pipe, 'w'); // Opens when the job has opened it to read.
      return { execution, complete: () => job.close() };
    };
  },
  "an approver's click": async (platform) => {
    const { aws, when } = platform;
    const approvers = [{ name: 'Ann', email: approver }];
    const machine = await createDispatching(platform, { kind: 'approval', title: 'Go?', approvers });
    return async () => {
      const before = aws.sns.outbox.length;
      const execution = await platform.startMachine(machine);
      const mail = await when(() => aws.sns.outbox.slice(before).find(({ to }) => to === approver));
      const link = /http\S+\/approvals\/\S+/.exec(mail.text)?.[0] ?? '';
      await platform.dispatched(execution);
      const body = new URLSearchParams({ decision: 'approved', comment: '' });
      return { execution, complete: () => fetch(link, { method: 'POST', body }) };
    };
  },
  "a partner's call back": async (platform) => {
    const { partner } = platform;
    const machine = await createDispatching(platform, { kind: 'webhook', url: partner.url, payload: {} });
    return async () => {
      const execution = await platform.startMachine(machine);
      await platform.dispatched(execution);
      const url = partner.callbackUrls.at(-1) ?? '';
      const body = JSON.stringify({ status: 'success', output: { ok: true } });
      const headers = { 'content-type': 'application/json' };
      return { execution, complete: () => fetch(url, { method: 'POST', headers, body }) };
    };
  },
};

const createDispatching = (platform: Platform, work: object): Promise<string> =>
  platform.createMachine(dispatching(platform.deployment, { ...work, ...limits }), limits);

/** Receives the next message of a queue, and deletes it. */
async function take(aws: LocalAws, QueueUrl: string): Promise<string> {
  const { Messages } = await aws.call('sqs:ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
  const [message] = (Messages ?? []) as { Body: string; ReceiptHandle: string }[];
  if (!message) throw new Error(`no message came to ${QueueUrl}`);
  await aws.call('sqs:DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  return message.Body;
}

async function post(aws: LocalAws, target: string, body: object): Promise<void> {
  const response = await fetch(aws.world.endpoint(), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`);
}

async function startPartner(): Promise<Partner> {
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
