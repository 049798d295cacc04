import { httpReports, pollQueue, type PollOptions, type WorkFunction } from '@baton/token-lib/worker';
import { directReports } from '@baton/token-lib/worker/direct';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFaultProxy, type Fault, type FaultProxy } from './fault-proxy.ts';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';

/** Not shared: clients outside the platform sign with the real time, so this clock may move by little only. */
let platform: TestPlatform;
/** Between the loops and SQS. */
let proxy: FaultProxy;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual' });
  proxy = await createFaultProxy(origin());
});
afterAll(async () => {
  await proxy.close();
  await platform.close();
});

const origin = () => new URL(platform.deployment.endpoint).origin;

type Work = WorkFunction<{ readonly number: number }, unknown>;
const half: Work = ({ number }) => ({ half: number / 2 });

/** Work that does not go on before it is let go. */
function held(work: Work) {
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: gate, resolve: go } = Promise.withResolvers<void>();
  const holding: Work = async (job, context) => {
    begin();
    await gate;
    return work(job, context);
  };
  return { begun, go, work: holding };
}

/** A worker that polls the queue until `end` or `interrupt`. */
function poll(work: Work, queueUrl: string, over: Partial<PollOptions> = {}) {
  const ending = new AbortController();
  const interrupting = new AbortController();
  platform.asWorker((name, value) => vi.stubEnv(name, value));
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', proxy.url);
  const ended = pollQueue(work, {
    queueUrl,
    signal: ending.signal,
    interrupt: interrupting.signal,
    reports: httpReports(platform.deployment.endpoint),
    ...over,
  });
  return { ended, end: () => ending.abort(), interrupt: () => interrupting.abort() };
}

/** Messages that anybody may take, and those that somebody has. */
async function messages(QueueUrl: string): Promise<{ free: number; taken: number }> {
  const { Attributes } = await platform.aws.call('sqs:GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
  const counts = Attributes as Record<string, string>;
  return {
    free: Number(counts['ApproximateNumberOfMessages']),
    taken: Number(counts['ApproximateNumberOfMessagesNotVisible']),
  };
}

const succeeded = async (execution: string, output: unknown): Promise<void> =>
  expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output });

/** Resolves with the first request of the action from now on; what goes wrong with it and the next ones is chosen. */
function request(action: string, ...faults: Fault[]): Promise<void> {
  return new Promise((resolve) => {
    proxy.decide = ({ target }) => {
      if (!target.endsWith(action)) return 'pass';
      resolve();
      return faults.shift() ?? 'pass';
    };
  });
}

/** Resolves when this many calls of the action have been answered since the test began. */
const answered = (action: string, times: number): Promise<unknown> =>
  platform.when(() =>
    platform.calls.slice(before).filter((call) => call.action === action).length >= times ? 1 : undefined,
  );
let before = 0;

describe('a plain function outside Lambda', () => {
  beforeEach(() => {
    before = platform.calls.length;
  });
  afterEach(() => {
    proxy.decide = () => 'pass';
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test('takes messages in a loop, reports, deletes them, and finishes what was begun when it is to end', async () => {
    const queueUrl = await platform.queue('loop');
    const loop = poll((job, context) => (loop.end(), half(job, context)), queueUrl);
    await succeeded(await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } }), { half: 2 });
    await loop.ended;
    expect(await messages(queueUrl)).toEqual({ free: 0, taken: 0 });
  });

  test('ends at once, although its long poll has just begun', async () => {
    const polled = request('ReceiveMessage');
    const loop = poll(half, await platform.queue('empty'));
    await polled;
    loop.end();
    await loop.ended;
  });

  test('keeps its message from others as long as it works', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const queueUrl = await platform.queue('long');
    const { begun, go, work } = held(half);
    const loop = poll(work, queueUrl);
    const execution = await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } });
    await begun;
    for (const times of [1, 2, 3]) {
      await platform.advance(40_000);
      vi.advanceTimersByTime(20_000);
      await answered('ChangeMessageVisibility', times);
    }
    expect(await messages(queueUrl)).toEqual({ free: 0, taken: 1 });
    go();
    await succeeded(execution, { half: 2 });
    loop.end();
    await loop.ended;
  });

  const reportsDirectly = (): Partial<PollOptions> => ({ reports: directReports() });
  const modes: [string, (queueUrl: string) => Promise<string>, () => Partial<PollOptions>][] = [
    ['dispatched', (queueUrl) => platform.start({ kind: 'queue', queueUrl, message: { number: 4 } }), () => ({})],
    ['direct', (queueUrl) => platform.startDirect(queueUrl, { number: 4 }), reportsDirectly],
  ];

  test.each(modes)(
    'is told by its signal that nobody waits any more (%s), and reports nothing',
    async (mode, start, over) => {
      const queueUrl = await platform.queue(`stopped-${mode}`);
      const { begun, go, work } = held(async (_, { signal, heartbeat }) => {
        expect(signal.aborted).toBe(false);
        await heartbeat();
        loop.end();
        return (aborted = signal.aborted);
      });
      let aborted = false;
      const loop = poll(work, queueUrl, over());
      const executionArn = await start(queueUrl);
      await begun;
      await platform.aws.call('states:StopExecution', { executionArn });
      go();
      await loop.ended;
      expect(aborted).toBe(true);
      expect(await messages(queueUrl)).toEqual({ free: 0, taken: 0 });
      expect(platform.calls.slice(before).map(({ action }) => action)).not.toContain('SendTaskSuccess');
    },
  );

  test('lets go of its work when it is interrupted, and another goes on with it at once', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const queueUrl = await platform.queue('interrupted');
    const { begun, work } = held(half);
    const first = poll(work, queueUrl);
    const execution = await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } });
    await begun;
    first.interrupt();
    await first.ended;
    expect(await messages(queueUrl)).toEqual({ free: 1, taken: 0 });
    const second = poll(half, queueUrl);
    await succeeded(execution, { half: 2 });
    second.end();
    await second.ended;
  });

  test('waits for a network that is lost, and goes on', async () => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const queueUrl = await platform.queue('lost');
    // Each time the SDK makes three attempts of its own.
    void request('ReceiveMessage', ...Array<Fault>(6).fill('cut'));
    const loop = poll(half, queueUrl);
    await succeeded(await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } }), { half: 2 });
    loop.end();
    await loop.ended;
    expect(alarms.mock.calls).toHaveLength(2);
    expect(alarms.mock.calls.join()).toContain(queueUrl);
  });

  test('whose message cannot be deleted does not work on it again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const queueUrl = await platform.queue('kept');
    const deleted = request('DeleteMessage', 'cut', 'cut', 'cut');
    const work = vi.fn(half);
    const loop = poll(work, queueUrl);
    await succeeded(await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } }), { half: 2 });
    await deleted;
    await platform.advance(61_000);
    await answered('DeleteMessage', 1);
    expect(work).toHaveBeenCalledOnce();
    loop.end();
    await loop.ended;
  });

  test('whose queue is deleted says so, and finishes before what was begun', async () => {
    const queueUrl = await platform.queue('deleted');
    const { begun, go, work } = held(half);
    const loop = poll(work, queueUrl, { concurrency: 2 });
    const failed = expect(loop.ended).rejects.toThrow(`SQS gives no messages of ${queueUrl}: QueueDoesNotExist`);
    const execution = await platform.start({ kind: 'queue', queueUrl, message: { number: 4 } });
    await begun;
    await platform.aws.call('sqs:DeleteQueue', { QueueUrl: queueUrl });
    await platform.when(() => platform.calls.find((call) => call.error?.code === 'QueueDoesNotExist'));
    await platform.queue('deleted');
    go();
    await succeeded(execution, { half: 2 });
    await failed;
  });
});
