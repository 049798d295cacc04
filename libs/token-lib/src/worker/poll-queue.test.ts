import { describe, expect, it, vi } from 'vitest';
import type { PolledQueue } from '../ports.ts';
import { attendQueue, pollQueue } from './poll-queue.ts';
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
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { promise: slow, resolve: answer } = Promise.withResolvers<void>();
  const hidden: number[] = [];
  const queue: PolledQueue = {
    receive: async () => [{ messageId: 'm', receiptHandle: 'r', body: '{"id":1}' }],
    async hide(_, seconds) {
      hidden.push(seconds);
      if (hidden.length === 1) await slow;
    },
    remove: async () => undefined,
  };
  const interrupting = new AbortController();
  const loop = attendQueue(() => new Promise(() => undefined), queue, {
    ...platform(),
    concurrency: 1,
    visibilitySeconds: 60,
    signal: new AbortController().signal,
    interrupt: interrupting.signal,
  });
  await vi.advanceTimersByTimeAsync(20_000);
  interrupting.abort();
  await vi.advanceTimersByTimeAsync(0);
  expect(hidden).toEqual([60]);
  answer();
  await loop;
  expect(hidden).toEqual([60, 0]);
  silent.mockRestore();
  vi.useRealTimers();
});
