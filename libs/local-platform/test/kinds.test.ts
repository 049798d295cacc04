import { buildSync } from 'esbuild';
import { success } from '@baton/token-lib';
import { httpReports } from '@baton/token-lib/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';
import { carriesSecrets, placesOf, secretsIn, tokensIn } from './token-places.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual' });
});
afterAll(() => platform.close());

/** What comes with the work of a queue or function. */
const ADDRESS = {
  callbackId: expect.stringMatching(/^[0-9a-z]{26}$/) as string,
  workSecret: expect.stringMatching(/^[\w-]{43}$/) as string,
};
/** What its reports have to show. */
const addressOf = ({ callbackId, workSecret }: Record<string, unknown>) => ({ callbackId, workSecret });

describe('work on a queue', () => {
  test('gets the callbackId, its secret and the work, never the token, and succeeds by a message', async () => {
    const queueUrl = await platform.queue('jobs-success');
    const execution = await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } });
    const { body, text } = await platform.receive(queueUrl);
    expect(body).toEqual({ ...ADDRESS, work: { number: 4 } });
    expect(text.length).toBeLessThan(160);
    await platform.report({ type: 'heartbeat', ...addressOf(body), progress: { done: 0.5 } });
    await platform.report({ type: 'success', ...addressOf(body), output: { half: 2 } });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { half: 2 } });
  });

  test('that fails says by which name', async () => {
    const queueUrl = await platform.queue('jobs-failure');
    const execution = await platform.start({ kind: 'queue', queueUrl, message: null });
    const { body } = await platform.receive(queueUrl);
    await platform.report({ type: 'failure', ...addressOf(body), error: 'OddNumber', cause: '7 is odd' });
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'OddNumber', cause: '7 is odd' });
  });

  test('that nobody does times out', async () => {
    const queueUrl = await platform.queue('jobs-timeout');
    const execution = await platform.start({ kind: 'queue', queueUrl, message: 1 }, { timeoutSeconds: 600 });
    await platform.receive(queueUrl);
    await platform.advance(600_000);
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });

  test.each([
    ['for the platform', {}, 66_000, /work has more than 65536 bytes/],
    ['for its queue', { MaximumMessageSize: '1024' }, 2_000, /queue .*jobs-small.* does not take it/],
  ])('that is too large %s fails at once, and says so', async (_, attributes, size, cause) => {
    const queueUrl = await platform.queue(`jobs-small-${size}`, attributes);
    const ended = await platform.ended(await platform.start({ kind: 'queue', queueUrl, message: 'x'.repeat(size) }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.InvalidRequest' });
    expect(ended.cause).toMatch(cause);
  });

  test('on a queue that is not there fails at once', async () => {
    const queueUrl = (await platform.queue('jobs-there')).replace('jobs-there', 'jobs-not-there');
    const execution = await platform.start({ kind: 'queue', queueUrl, message: 1 });
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'Baton.TargetNotFound' });
  });
});

/** A queue that gives a message up the second time. */
async function doomed(name: string): Promise<{ queueUrl: string; giveUp(): Promise<void> }> {
  const dead = await platform.queue(`${name}-dead`);
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:123456789012:${name}-dead`;
  await platform.aws.call('lambda:CreateEventSourceMapping', {
    FunctionName: platform.deployment.queueFunctionArn,
    EventSourceArn: deadLetterTargetArn,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
  });
  const queueUrl = await platform.queue(name, {
    VisibilityTimeout: '30',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
  });
  return {
    queueUrl,
    async giveUp() {
      await platform.receive(queueUrl);
      await platform.advance(31_000);
      await platform.aws.call('sqs:ReceiveMessage', { QueueUrl: queueUrl });
      expect(dead).toContain(`${name}-dead`);
    },
  };
}

describe('a dead letter', () => {
  test('of a callback fails its task, and names the message', async () => {
    const { queueUrl, giveUp } = await doomed('poison');
    const execution = await platform.start({ kind: 'queue', queueUrl, message: 'poison' });
    await giveUp();
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.DeadLettered' });
    expect(ended.cause).toMatch(
      /^message [0-9a-f-]{36} was never done.*poison-dead has it \(received 2 times, from there included\)$/,
    );
  });

  test('with a raw token (direct mode) fails its task', async () => {
    const { queueUrl, giveUp } = await doomed('poison-direct');
    const execution = await platform.startDirect(queueUrl);
    await giveUp();
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'Baton.DeadLettered' });
    expect(platform.logs('completer-queue')).not.toMatch(/AQ[A-Za-z0-9+/]{40}/);
  });
});

describe('work of a function', () => {
  const QUIET = 'export const handler = async () => {};';
  const CRASHES =
    "export const handler = async () => { throw Object.assign(new Error('no paper'), { name: 'PaperJam' }); };";

  test('gets the callbackId, its secret and the payload, and succeeds by its report', async () => {
    const functionName = await platform.createWorker('quiet', QUIET);
    const execution = await platform.start({ kind: 'lambda', functionName, payload: { pages: 3 } });
    const event = await platform.invoked(functionName);
    expect(event).toEqual({ ...ADDRESS, payload: { pages: 3 } });
    await platform.report({ type: 'success', ...addressOf(event), output: null });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: null });
  });

  test('that crashes fails by its on-failure destination, with the name of its error', async () => {
    const functionName = await platform.createWorker('crashes', CRASHES);
    const execution = await platform.start({ kind: 'lambda', functionName, payload: {} });
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'PaperJam' });
    expect(ended.cause).toMatch(/^no paper\n.*crashes/);
  });

  test('of a function that is not there fails at once', async () => {
    const execution = await platform.start({ kind: 'lambda', functionName: 'nobody', payload: {} });
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'Baton.TargetNotFound' });
  });
});

describe('a worker that was given other work', () => {
  /** Two callbacks that wait, and what each one's worker was given. */
  async function two(name: string, start: (place: string) => Promise<[string, Record<string, unknown>]>) {
    const [, mine] = await start(`${name}-mine`);
    const [execution, theirs] = await start(`${name}-theirs`);
    return { execution, theirs, forged: { callbackId: theirs['callbackId'], workSecret: mine['workSecret'] } };
  }
  const ofQueue = (name: string) =>
    two(name, async (place) => {
      const queueUrl = await platform.queue(place);
      const execution = await platform.start({ kind: 'queue', queueUrl, message: place });
      return [execution, (await platform.receive(queueUrl)).body];
    });
  const ofFunction = (name: string) =>
    two(name, async (place) => {
      const functionName = await platform.createWorker(place, 'export const handler = async () => {};');
      const execution = await platform.start({ kind: 'lambda', functionName, payload: place });
      return [execution, await platform.invoked(functionName)];
    });
  const rightful = { status: 'SUCCEEDED', output: 'of its worker' };
  /** Resolves when everything that was sent has been handled. */
  const handled = () => platform.advance(1);

  test.each([
    ['queue', ofQueue],
    ['function', ofFunction],
  ])('reports for no foreign callback of a %s: not by messages, and not over HTTP', async (kind, of) => {
    const env: Record<string, string> = {};
    platform.asWorker((name, value) => (env[name] = value));
    const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN = '' } = env;
    const credentials = {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    };
    const http = httpReports(platform.deployment.endpoint, { region, credentials });

    const { execution, theirs, forged } = await of(`forged-${kind}`);
    for (const address of [forged, { callbackId: forged.callbackId }]) {
      await platform.report({ type: 'success', ...address, output: 'stolen' });
      await handled();
      await expect(http(address).report(success('stolen'))).rejects.toThrow(/403 Forbidden.*workSecret/);
      await expect(http(address).heartbeat()).rejects.toThrow(/403 Forbidden/);
    }
    await http(theirs).report(success('of its worker'));
    expect(await platform.ended(execution)).toMatchObject(rightful);
  });

  test('fails no foreign callback by a dead letter that names it', async () => {
    const { queueUrl, giveUp } = await doomed('poison-forged');
    const { execution, theirs, forged } = await ofQueue('forged-letter');
    const MessageAttributes = { callbackId: { DataType: 'String', StringValue: forged.callbackId } };
    const MessageBody = JSON.stringify({ ...forged, work: 1 });
    await platform.aws.call('sqs:SendMessage', { QueueUrl: queueUrl, MessageBody, MessageAttributes });
    await giveUp();
    await platform.report({ type: 'success', ...addressOf(theirs), output: 'of its worker' });
    expect(await platform.ended(execution)).toMatchObject(rightful);
    expect(platform.logs('completer-queue')).toContain('the dead letter is the message of no callback');
  });

  test('fails no foreign callback by a function that crashes with its callbackId', async () => {
    const FunctionName = await platform.createWorker(
      'forger',
      "export const handler = () => { throw new Error('x'); };",
    );
    const { execution, theirs, forged } = await ofFunction('forged-crash');
    await platform.aws.call('lambda:Invoke', {
      FunctionName,
      InvocationType: 'Event',
      Payload: new TextEncoder().encode(JSON.stringify(forged)),
    });
    await handled();
    await platform.report({ type: 'success', ...addressOf(theirs), output: 'of its worker' });
    expect(await platform.ended(execution)).toMatchObject(rightful);
    expect(platform.logs('completer-destinations')).toContain('Baton.Forbidden');
  });
});

describe('a plain function as a worker', () => {
  const HALF = `
    import { lambdaWorker, queueReports, queueWorker } from '@baton/token-lib/worker';
    import { directReports } from '@baton/token-lib/worker/direct';
    async function half({ number }, { heartbeat }) {
      await heartbeat({ done: 0.5 });
      if (number % 2 !== 0) throw Object.assign(new Error(number + ' is odd'), { name: 'OddNumber' });
      return number <= 0 ? 'x'.repeat(300_000 + number) : { half: number / 2 };
    }
    export const queue = queueWorker(half);
    const reports = queueReports(process.env.BATON_COMPLETIONS_QUEUE_URL);
    export const message = queueWorker(half, { reports });
    export const direct = queueWorker(half, { reports: directReports() });
    export const handler = lambdaWorker(half);
  `;
  let queueUrl: string;
  let messageUrl: string;
  let directUrl: string;
  beforeAll(async () => {
    queueUrl = await platform.queue('worker');
    messageUrl = await platform.queue('worker-message');
    directUrl = await platform.queue('worker-direct');
    const code = bundled(HALF);
    await platform.createWorker('worker-half', code, { handler: 'main.queue', queue: 'worker' });
    await platform.createWorker('worker-half-message', code, { handler: 'main.message', queue: 'worker-message' });
    await platform.createWorker('worker-half-direct', code, { handler: 'main.direct', queue: 'worker-direct' });
    await platform.createWorker('worker-half-lambda', code);
  });

  const ways: [string, (number: number) => Promise<string>][] = [
    ['of a queue', (number) => platform.start({ kind: 'queue', queueUrl, message: { number }, heartbeatSeconds: 60 })],
    [
      'of a queue, by messages',
      (number) => platform.start({ kind: 'queue', queueUrl: messageUrl, message: { number } }),
    ],
    ['of a queue, with the raw token', (number) => platform.startDirect(directUrl, { number })],
    [
      'invoked',
      (number) => platform.start({ kind: 'lambda', functionName: 'worker-half-lambda', payload: { number } }),
    ],
  ];

  test.each(ways)('%s: what it returns is the result', async (_, start) => {
    expect(await platform.ended(await start(42))).toMatchObject({ status: 'SUCCEEDED', output: { half: 21 } });
  });

  test.each(ways)('%s: what it throws is the error', async (_, start) => {
    expect(await platform.ended(await start(7))).toMatchObject({
      status: 'FAILED',
      error: 'OddNumber',
      cause: '7 is odd',
    });
  });

  test('of a queue, by messages: an output that no message takes fails by name', async () => {
    const execution = await platform.start({ kind: 'queue', queueUrl: messageUrl, message: { number: -37_900 } });
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ error: 'Baton.OutputTooLarge', cause: expect.stringMatching(/by HTTP/) as string });
  });

  test.each(ways)('%s: an output over the limit fails by name', async (_, start) => {
    expect(await platform.ended(await start(0))).toMatchObject({ status: 'FAILED', error: 'Baton.OutputTooLarge' });
  });
});

test('leaves no task token behind: in no message, invocation, log, event, file or row (L3)', async () => {
  const tokens = tokensIn(platform.calls);
  expect(tokens.length).toBeGreaterThan(0);
  expect(await placesOf(tokens, platform.aws, platform)).toEqual([]);
});

test('leaves no secret of its work behind, except in what carries the work and its reports', async () => {
  const secrets = secretsIn(platform.calls);
  expect(secrets.length).toBeGreaterThan(10);
  const calls = platform.calls.filter((call) => !carriesSecrets(call));
  expect(await placesOf(secrets, platform.aws, { ...platform, calls })).toEqual([]);
});

/** Bundles a module as the apps are built. */
function bundled(contents: string): string {
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
  return outputFiles[0]!.text;
}
