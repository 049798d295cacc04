/** Workers as handlers of middy: the real one, and what its types make of them. */
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest';
import { type BatchAnswer, lambdaWorker, queueWorker, type WorkContext } from './index.ts';
import { batch, platform } from './testing.ts';

interface Job {
  readonly number: number;
}
const halve = ({ number }: Job) => {
  if (number % 2 !== 0) throw Object.assign(new Error(`${number} is odd`), { name: 'OddNumber' });
  return { half: number / 2 };
};

const lambda = (): Context => {
  const deadline = Date.now() + 60_000;
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => deadline - Date.now() } as Context;
};
const never = () => new Promise<never>(() => undefined);

/** Puts something into the context, as middlewares do with what they have fetched. */
type Fetched = Context & { rate: number };
const fetches: MiddlewareObj<unknown, unknown, Error, Fetched> = {
  before: ({ context }) => void Object.assign(context, { rate: 0.5 }),
};

describe('a worker under middy', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('of a queue takes a batch, and answers which of it is to come again', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const here = platform();
    const handler = middy().handler(queueWorker(halve, here));
    const event = batch([{ id: 'even', work: { number: 4 } }, 'no work', { id: 'odd', work: { number: 7 } }]);
    expect(await handler(event, lambda())).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect(Object.fromEntries(here.outcomes)).toEqual({
      even: { type: 'success', output: '{"half":2}' },
      odd: { type: 'failure', error: 'OddNumber', cause: '7 is odd' },
    });
  });

  it('of invocations reports, and answers nothing', async () => {
    const here = platform();
    expect(await middy(lambdaWorker(halve, here))({ id: 'a', payload: { number: 4 } }, lambda())).toBeUndefined();
    expect(Object.fromEntries(here.outcomes)).toEqual({ a: { type: 'success', output: '{"half":2}' } });
  });

  it('gives the function what middlewares have put into the context', async () => {
    const here = platform();
    const work = ({ number }: Job, { lambda }: WorkContext<Fetched>) => number * lambda.rate;
    await middy().use(fetches).handler(queueWorker(work, here))(
      batch([{ id: 'a', work: { number: 4 } }]),
      lambda() as Fetched,
    );
    expect(Object.fromEntries(here.outcomes)).toEqual({ a: { type: 'success', output: '2' } });
  });

  it('has what it cannot read handled by onError', async () => {
    const seen = vi.fn();
    const handler = middy(queueWorker(halve, platform())).onError(({ error }) => void seen(error));
    await expect(handler({ records: [] }, lambda())).rejects.toThrow(/Records/);
    expect(seen).toHaveBeenCalledWith(expect.objectContaining({ name: 'Baton.InvalidRequest' }));
  });

  it('beats while the function runs, and answers before its time is over, and so before middy gives it up', async () => {
    vi.useFakeTimers();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const here = platform();
    const answer = middy(queueWorker(never, here))(batch([{ id: 'a', heartbeatSeconds: 60 }]), lambda());
    await vi.advanceTimersByTimeAsync(59_000);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(here.beats.length).toBe(3);
  });

  it('aborts the function’s signal with middy’s own', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const aborted = vi.fn();
    const work = (_: unknown, { signal }: WorkContext) => (signal.addEventListener('abort', aborted), never());
    const handler = middy(queueWorker(work, platform()), { timeoutEarlyInMillis: 59_999 });
    await expect(handler(batch([{ id: 'a' }]), lambda())).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(aborted).toHaveBeenCalledOnce();
  });

  it('is no handler that calls back, as Node 24 of Lambda would have it by its parameters', () => {
    expect(queueWorker(halve)).toHaveLength(2);
    expect(lambdaWorker(halve)).toHaveLength(2);
  });
});

describe('the types', () => {
  it('are those of the function: its input, its context', () => {
    queueWorker((job: Job, { signal, heartbeat, callbackId, lambda }) => {
      expectTypeOf(job).toEqualTypeOf<Job>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      expectTypeOf(heartbeat).toEqualTypeOf<(progress?: Readonly<Record<string, unknown>>) => Promise<void>>();
      expectTypeOf(callbackId).toEqualTypeOf<string | undefined>();
      expectTypeOf(lambda).toEqualTypeOf<Context>();
    });
  });

  it('let a function return anything, at once or later: what JSON cannot say fails by name', () => {
    for (const work of [halve, async (job: Job) => halve(job), () => undefined, async () => null]) queueWorker(work);
    // @ts-expect-error -- a function that needs more than a worker gives
    queueWorker((_: Job, { sqs }: WorkContext & { sqs: object }) => sqs);
    // @ts-expect-error -- a context that no middleware makes
    middy().handler(queueWorker((_: Job, { lambda }: WorkContext<Fetched>) => lambda.rate));
  });

  it('are those of middy: any event, and what the worker answers', () => {
    expectTypeOf(middy().use(fetches).handler(queueWorker(halve))).toBeCallableWith('any event', lambda() as Fetched);
    expectTypeOf<Awaited<ReturnType<ReturnType<typeof queueWorker>>>>().toEqualTypeOf<BatchAnswer>();
    expectTypeOf<Awaited<ReturnType<ReturnType<typeof lambdaWorker>>>>().toEqualTypeOf<void>();
  });
});
