import { httpReports, pollQueue } from '@baton/token-lib/worker';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startKinds, type KindsPlatform } from './kinds-kit.ts';

/** One of its own: what signs outside the platform has the real time, so that this clock must not be moved. */
let platform: KindsPlatform;
beforeAll(async () => {
  platform = await startKinds();
});
afterAll(() => platform.close());

describe('a plain function outside Lambda', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test('takes messages in a loop, reports, deletes them, and ends when it is told to', async () => {
    const queueUrl = await platform.queue('loop');
    const connection = platform.asWorker((name, value) => vi.stubEnv(name, value));
    const ending = new AbortController();
    const loop = pollQueue(
      ({ number }: { number: number }) => {
        ending.abort();
        return { half: number / 2 };
      },
      { queueUrl, signal: ending.signal, connection, reports: httpReports(platform.deployment.endpoint, connection) },
    );
    const execution = await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: { half: 2 } });
    await loop;
    const attributes = await platform.aws.call('sqs', 'GetQueueAttributes', {
      QueueUrl: queueUrl,
      AttributeNames: ['All'],
    });
    expect(attributes).toMatchObject({
      Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
    });
  });
});
