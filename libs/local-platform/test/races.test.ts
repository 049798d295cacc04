import type { ObservedCall } from '@baton/local-aws';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { names } from '../src/index.ts';
import { createFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { hostClient } from './host-client.ts';
import {
  startJobPlatform,
  type HistoryEvent,
  type JobPlatform,
  type JobPlatformOptions,
} from '../src/testing/index.ts';

/** Runs until the file `go` is there, then ends with a result; on TERM it leaves the file `stopped`. Every run adds a line to `runs`. */
const waitsForGo = `#!/bin/sh
trap 'touch stopped; exit 1' TERM
echo run >> runs
while [ ! -e go ]; do sleep 0.02; done
echo '{"done": true}'
`;

let platform: JobPlatform;
let proxy: FaultProxy | undefined;
afterEach(async () => {
  await platform.close();
  await proxy?.close();
  proxy = undefined;
});

async function running(options: JobPlatformOptions = {}) {
  platform = await startJobPlatform(options);
  platform.script('job.sh', waitsForGo);
  const execution = await platform.start(['./job.sh']);
  const claim = await claimed();
  await platform.appeared('runs');
  return { execution, ...claim };
}

async function claimed() {
  const { callbackId, request } = await platform.asked('claim', ({ answer }) => answer['answer'] === 'granted');
  const { runId, commandId, bootId } = request as { runId: string; commandId: string; bootId: string };
  return { path: `/callbacks/${callbackId}`, callbackId, runId, commandId, bootId };
}

const finish = (): void => writeFileSync(join(platform.hostFolder, 'go'), '');
const runs = (): number => readFileSync(join(platform.hostFolder, 'runs'), 'utf8').trim().split('\n').length;

/** Lets the functions of a handler reach Step Functions through the proxy only. */
async function throughProxy(name: string, more: Record<string, unknown> = {}): Promise<FaultProxy> {
  const created = await createFaultProxy(platform.url);
  const FunctionName = names.function(name);
  const { Environment } = await platform.aws.call('lambda:GetFunctionConfiguration', { FunctionName });
  const { Variables } = Environment as { Variables: Record<string, string> };
  await platform.aws.call('lambda:UpdateFunctionConfiguration', {
    FunctionName,
    Environment: { Variables: { ...Variables, AWS_ENDPOINT_URL_SFN: created.url } },
    ...more,
  });
  return created;
}

describe('one outcome (L2)', () => {
  test('the same success again is a duplicate, another outcome a conflict, and neither changes the result', async () => {
    const { execution, path, runId } = await running();
    const host = hostClient(platform);
    expect(await host('POST', `${path}/success`, { runId, output: { first: true } })).toMatchObject({
      status: 200,
      body: { answer: 'applied' },
    });
    expect(await host('POST', `${path}/success`, { runId, output: { first: true } })).toMatchObject({
      status: 200,
      body: { answer: 'duplicate' },
    });
    expect(await host('POST', `${path}/failure`, { runId, error: 'Other', cause: 'too late' })).toMatchObject({
      status: 409,
      body: { answer: 'conflict' },
    });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { first: true } });
  });

  test('a report after the end of the execution is late', async () => {
    const { execution, path, runId } = await running();
    await platform.aws.call('states:StopExecution', { executionArn: execution });
    expect(await hostClient(platform)('POST', `${path}/success`, { runId, output: 1 })).toMatchObject({
      status: 410,
      body: { answer: 'late' },
    });
  });

  test('a success that Step Functions took, but whose answer was lost, is settled once', async () => {
    const { execution, callbackId } = await running();
    proxy = await throughProxy('completer-http');
    proxy.decide = ({ target }) => (target.endsWith('SendTaskSuccess') ? 'dropAnswer' : 'pass');
    finish();
    expect((await platform.asked('success')).answer).toMatchObject({ answer: 'applied' });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { done: true } });
    expect(await reconciled(callbackId)).toBe('Settled');
  });

  test('a success that Step Functions does not take is brought back by a reminder, and the job runs once (L1)', async () => {
    const { execution } = await running();
    proxy = await throughProxy('completer-http');
    proxy.decide = ({ target }) => (target.endsWith('SendTaskSuccess') ? 'cut' : 'pass');
    finish();
    expect((await platform.asked('success')).answer).toMatchObject({ answer: 'stored' });
    // The handler of the completions queue is not behind the proxy; the schedule, whose minute does not come, plays no part.
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { done: true } });
    expect(runs()).toBe(1);
  });

  test('a completer that dies between storing and telling is replayed, with one result', async () => {
    const { execution, callbackId } = await running();
    proxy = await throughProxy('completer-http', { Timeout: 1 });
    let hung = false;
    proxy.decide = ({ target }) => {
      if (!target.endsWith('SendTaskSuccess') || hung) return 'pass';
      hung = true;
      return 'hang';
    };
    finish();
    await platform.asked('success', ({ status }) => status >= 500);
    await reconciled(callbackId);
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { done: true } });
    const events = await platform.historyOf(execution);
    expect(events.filter((event) => 'type' in event && event.type === 'TaskSucceeded')).toHaveLength(1);
  });
});

/** Invokes the reconciler as if its minute had come, until the callback is closed. Returns its state. */
async function reconciled(callbackId: string): Promise<unknown> {
  const now = platform.aws.clock.now();
  for (let minute = 1; minute <= 5; minute += 1) {
    await platform.aws.call('lambda:Invoke', {
      FunctionName: names.function('completer-schedule'),
      Payload: JSON.stringify({
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        time: new Date(now + minute * 60_000).toISOString(),
      }),
    });
    const { Item } = await platform.aws.call('dynamodb:GetItem', {
      TableName: platform.deployment.tableName,
      Key: { pk: { S: callbackId }, sk: { S: 'callback' } },
    });
    const state = (Item as { state: { S: string } }).state.S;
    if (state === 'Settled' || state === 'Gone') return state;
  }
  return undefined;
}

describe('one run (L7)', () => {
  test('the dispatcher invoked twice at once with one token sends one command', async () => {
    platform = await startJobPlatform();
    platform.script('job.sh', waitsForGo);
    const request = {
      taskToken: 'AQCEAAAAKgAAAAMAAAAA='.repeat(32),
      context: {
        executionArn: `arn:aws:states:${platform.aws.world.region}:${platform.aws.world.accountId}:execution:ec2-job:x`,
        state: 'RunJob',
        enteredTime: new Date(platform.aws.clock.now()).toISOString(),
        retryCount: 0,
        redriveCount: 0,
      },
      work: {
        kind: 'ssm',
        instanceId: platform.instanceId,
        command: ['./job.sh'],
        timeoutSeconds: 60,
        heartbeatSeconds: 20,
      },
    };
    const invoke = async () => {
      const { FunctionError, Payload } = await platform.aws.call('lambda:Invoke', {
        FunctionName: platform.deployment.dispatcherFunctionArn,
        Payload: JSON.stringify(request),
      });
      expect(FunctionError).toBeUndefined();
      const text = Payload instanceof Uint8Array ? new TextDecoder().decode(Payload) : String(Payload);
      return JSON.parse(text) as { callbackId: string };
    };
    const [one, two] = await Promise.all([invoke(), invoke()]);
    expect(one.callbackId).toBe(two.callbackId);
    expect(platform.calls.filter(({ action }) => action === 'SendCommand')).toHaveLength(1);
  });

  test('a command that SSM delivers twice runs the job once', async () => {
    const { execution, commandId } = await running();
    await platform.aws.ssm.redeliver(commandId);
    finish();
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(runs()).toBe(1);
  });

  test('a second process, another host and another role are refused', async () => {
    const { path, commandId, bootId, runId, execution } = await running();
    const claim = { runId: '00000000-0000-4000-8000-000000000000', commandId, bootId };
    expect((await hostClient(platform)('POST', `${path}/claim`, claim)).body).toMatchObject({ answer: 'refused' });
    const foreign = [
      hostClient(platform, { session: 'i-0000000000000dead' }),
      hostClient(platform, { role: 'somebody' }),
    ];
    for (const host of foreign) {
      for (const [verb, body] of Object.entries({
        claim: { ...claim, runId },
        heartbeat: { runId },
        success: { runId, output: 1 },
        failure: { runId, error: 'X' },
      })) {
        expect((await host('POST', `${path}/${verb}`, body)).status).toBeGreaterThanOrEqual(403);
      }
    }
    finish();
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('a host out of reach stops its process, and the retry runs after it', async () => {
    platform = await startJobPlatform({ heartbeatSeconds: 2 });
    proxy = await createFaultProxy(platform.url);
    await routeHostsThrough(proxy);
    platform.script('job.sh', waitsForGo);
    const execution = await platform.start(['./job.sh']);
    const first = await claimed();
    let cut = true;
    proxy.decide = ({ path }) => (cut && path.includes(first.callbackId) ? 'cut' : 'pass');
    const second = await platform.asked(
      'claim',
      ({ answer, request }) => answer['answer'] === 'granted' && request['runId'] !== first.runId,
    );
    expect(existsSync(join(platform.hostFolder, 'stopped'))).toBe(true);
    cut = false;
    finish();
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { done: true } });
    expect(runs()).toBe(2);
    expect(second.callbackId).not.toBe(first.callbackId);
  });

  test('StopExecution stops the process on the host', async () => {
    const { execution } = await running({ heartbeatSeconds: 3 });
    await platform.aws.call('states:StopExecution', {
      executionArn: execution,
      error: 'Operator',
      cause: 'not needed',
    });
    expect((await platform.asked('failure')).request).toMatchObject({ error: 'Baton.Stopped' });
    expect(existsSync(join(platform.hostFolder, 'stopped'))).toBe(true);
    expect(await platform.ended(execution)).toMatchObject({ status: 'ABORTED' });
  });
});

/** Writes the proxy's address into the run document, as the way that hosts take to the completer. */
async function routeHostsThrough({ url }: FaultProxy): Promise<void> {
  const Name = names.runDocument;
  const { Content } = await platform.aws.call('ssm:GetDocument', { Name });
  await platform.aws.call('ssm:UpdateDocument', {
    Name,
    DocumentVersion: '$LATEST',
    Content: String(Content).replaceAll(platform.url, url),
  });
  const { DocumentVersion } = { DocumentVersion: '2' };
  await platform.aws.call('ssm:UpdateDocumentDefaultVersion', { Name, DocumentVersion });
}

describe('a host that goes away (L6)', () => {
  test('terminated: the task fails by name, at once', async () => {
    const { execution } = await running();
    await platform.aws.hosts.terminate(platform.instanceId);
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.HostLost' });
    expect(ended.cause).toMatch(/host/);
  });

  test('rebooted: the marker without its process is reported, and nothing runs again', async () => {
    const { execution } = await running();
    await platform.aws.hosts.reboot(platform.instanceId);
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.HostRestarted' });
    expect(runs()).toBe(1);
  });

  test('credentials that expire in mid-job are renewed', async () => {
    const { execution } = await running({ credentialSeconds: 2, heartbeatSeconds: 3 });
    const keys = () => new Set(platform.calls.filter(({ service }) => service === 'execute-api').map(accessKey));
    await platform.asked('heartbeat', () => keys().size >= 2);
    finish();
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

const accessKey = ({ input }: ObservedCall): string | undefined =>
  (input['requestContext'] as { authorizer?: { iam?: { accessKey?: string } } }).authorizer?.iam?.accessKey;

test('a heartbeat timeout of two hours passes in milliseconds on the manual clock', async () => {
  platform = await startJobPlatform({ clock: 'manual', heartbeatSeconds: 7200, timeoutSeconds: 86_400 });
  platform.script('job.sh', waitsForGo);
  const execution = await platform.start(['./job.sh']);
  await claimed();
  const began = platform.aws.clock.now();
  await platform.advance(7_200_000);
  const { events } = await platform.aws.call('states:GetExecutionHistory', { executionArn: execution });
  const timedOut = (events as HistoryEvent[]).find(({ type }) => type === 'TaskTimedOut');
  expect(timedOut?.['taskTimedOutEventDetails']).toMatchObject({ error: 'States.Timeout' });
  expect(Number(timedOut?.['timestamp']) * 1000 - began).toBeLessThanOrEqual(7_200_000);
});
