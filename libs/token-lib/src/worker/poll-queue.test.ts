import { describe, expect, it, vi } from 'vitest';
import { pollQueue } from './poll-queue.ts';
import { platform } from './testing.ts';

describe('a loop outside Lambda', () => {
  it.each([
    ['no queue', { queueUrl: '' }, /^queueUrl: must be the queue's URL/],
    ['nobody to work', { concurrency: 0 }, /^concurrency: /],
    ['a visibility that hides nothing', { visibilitySeconds: 0 }, /^visibilitySeconds: /],
    ['more than SQS hides', { visibilitySeconds: 43_201 }, /^visibilitySeconds: /],
  ])('is refused with %s', async (_, wrong, message) => {
    const options = { queueUrl: 'https://sqs.test/1/jobs', signal: AbortSignal.abort(), ...platform(), ...wrong };
    await expect(pollQueue(() => 1, options)).rejects.toMatchObject({
      name: 'Baton.Misconfigured',
      message: expect.stringMatching(message) as string,
    });
  });
});

it('a message of a loop that is interrupted is given back after its last keeping, not before', async () => {
  vi.useFakeTimers();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { promise: slow, resolve: answer } = Promise.withResolvers<Response>();
  const hidden: unknown[] = [];
  vi.stubGlobal('fetch', async (_: URL, { body = '', headers }: { body?: string; headers: Record<string, string> }) => {
    const message = { MessageId: 'm', ReceiptHandle: 'r', Body: '{"id":1}' };
    if (headers['x-amz-target']?.endsWith('ReceiveMessage')) return Response.json({ Messages: [message] });
    hidden.push((JSON.parse(body) as Record<string, unknown>)['VisibilityTimeout']);
    return hidden.length === 1 ? slow : Response.json({});
  });
  const interrupting = new AbortController();
  const loop = pollQueue(() => new Promise(() => undefined), {
    ...platform(),
    queueUrl: 'https://sqs.test/1/jobs',
    connection: { region: 'eu-central-1', endpointOf: () => 'https://sqs.test', timeout: 30_000 },
    signal: new AbortController().signal,
    interrupt: interrupting.signal,
  });
  await vi.advanceTimersByTimeAsync(20_000);
  interrupting.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(hidden).toEqual([60]);
  answer(Response.json({}));
  await loop;
  expect(hidden).toEqual([60, 0]);
  silent.mockRestore();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
