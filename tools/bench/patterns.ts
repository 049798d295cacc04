import { httpReports } from '@baton/token-lib/worker';
import { execFileSync } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import {
  approver,
  createDispatching,
  createFunction,
  createMachine,
  dispatched,
  hostId,
  openPlatform,
  post,
  receive,
  start,
  workerConnection,
  type Platform,
} from './patterns-platform.ts';
import { spread } from './statistics.ts';

const runs = 20;
const warmUps = 3;

/** A waiting execution, and what somebody outside does to complete it. */
interface Waiting {
  readonly execution: string;
  complete(): Promise<unknown>;
}

/**
 * The overhead of a callback: from when the success is sent from outside until the state that waited is left and the execution
 * has ended, over HTTP or a queue, through the built bundles.
 */
export async function benchPatterns(): Promise<Record<string, unknown>[]> {
  const platform = await openPlatform();
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
    const { QueueUrl } = await aws.call('sqs:CreateQueue', { QueueName: 'direct' });
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
    const { QueueUrl: queueUrl } = await aws.call('sqs:CreateQueue', { QueueName: 'dispatched' });
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
  'dispatched to a function, report over HTTP': async (platform) => {
    const functionName = await createFunction(platform, 'baton-work-bench', 'export const handler = async () => {};');
    const machine = await createDispatching(platform, 'lambda', { kind: 'lambda', functionName, payload: {} });
    const reports = httpReports(platform.deployment.endpoint, workerConnection(platform));
    return async () => {
      const execution = await start(platform.aws, machine);
      const callbackId = await dispatched(platform, execution);
      const report = () => reports({ callbackId }).report({ type: 'success', output: '{"ok":true}' });
      return { execution, complete: report };
    };
  },
  "a job's end on a host": async (platform) => {
    const command = ['cat', 'go'];
    const machine = await createDispatching(platform, 'ssm', {
      kind: 'ssm',
      instanceId: hostId,
      command,
      heartbeatSeconds: 60,
    });
    const pipe = join(platform.hostFolder, 'go');
    execFileSync('mkfifo', [pipe]);
    return async () => {
      const execution = await start(platform.aws, machine);
      const job = await open(pipe, 'w'); // Opens when the job has opened it to read.
      return { execution, complete: () => job.close() };
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
