import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fakeStarts, fakeStepFunctions } from '../testing/index.ts';
import { directReports } from './direct.ts';
import { httpReports } from './http-reports.ts';
import { lambdaWorker } from './lambda-worker.ts';
import { queueReports } from './queue-reports.ts';
import { queueWorker } from './queue-worker.ts';
import type { Reports } from './reports.ts';
import type { WorkContext } from './run-work.ts';
import { batch, platform } from './testing.ts';

describe('a worker', () => {
  it('gives the function its input, and whom it works for', async () => {
    const here = platform();
    const work = vi.fn(async () => 1);
    await queueWorker(work, here)(batch([{ id: 'a', work: { number: 4 } }]));
    expect(work).toHaveBeenCalledWith({ number: 4 }, expect.objectContaining({ callbackId: 'a' }));
  });

  it('beats as often as the state asks while it runs, and not after', async () => {
    vi.useFakeTimers();
    const here = platform();
    const ended = queueWorker(
      () => new Promise((resolve) => setTimeout(resolve, 25_000)),
      here,
    )(batch([{ id: 1, heartbeatSeconds: 30 }]));
    await vi.advanceTimersByTimeAsync(60_000);
    await ended;
    vi.useRealTimers();
    expect(here.beats).toHaveLength(3);
    expect(here.outcomes.get(1)).toMatchObject({ type: 'success' });
  });

  it('tells how far it has come', async () => {
    const here = platform();
    await queueWorker(async (_, { heartbeat }) => heartbeat({ done: 0.5 }), here)(batch([{ id: 1 }]));
    expect(here.beats).toEqual([undefined, { done: 0.5 }]);
  });

  it('does not begin what nobody waits for', async () => {
    const here = platform();
    here.answers.push('stop');
    const work = vi.fn();
    expect(await queueWorker(work, here)(batch([{ id: 1 }]))).toEqual({ batchItemFailures: [] });
    expect(work).not.toHaveBeenCalled();
    expect(here.outcomes.size).toBe(0);
  });

  it('aborts the signal when nobody waits any more, and reports nothing', async () => {
    const here = platform();
    here.answers.push('continue', 'stop');
    const aborted = vi.fn();
    await queueWorker(async (_, { signal, heartbeat }) => {
      signal.addEventListener('abort', aborted);
      await heartbeat();
    }, here)(batch([{ id: 1 }]));
    expect(aborted).toHaveBeenCalledOnce();
    expect(here.outcomes.size).toBe(0);
  });

  it('keeps what it could not read or report, and nothing else', async () => {
    const here = platform();
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = await queueWorker(() => 1, here)(batch([{ id: 1 }, 'not json', 'null', { id: 2 }]));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }, { itemIdentifier: 'message-2' }] });
    expect([...here.outcomes.keys()]).toEqual([1, 2]);
    here.refuse = true;
    expect(await queueWorker(() => 1, here)(batch([{ id: 3 }]))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    });
    silent.mockRestore();
  });

  it('goes on where it cannot be asked whether to, and says so (L8)', async () => {
    const here = platform();
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const deaf: Reports = (message) => ({ ...here.reports(message), heartbeat: () => Promise.reject(new Error('no')) });
    const worker = queueWorker(async (_, { heartbeat }) => heartbeat(), { reports: deaf });
    expect(await worker(batch([{ id: 1 }]))).toEqual({ batchItemFailures: [] });
    expect(here.outcomes.get(1)).toMatchObject({ type: 'success' });
    const line = expect.stringMatching(/not taken.*"callbackId":"1","error":"Error"/) as string;
    expect(alarms.mock.calls).toEqual([[line], [line]]);
    alarms.mockRestore();
  });

  it('does not beat all the time where the state asks for less than timers can wait', async () => {
    vi.useFakeTimers();
    const here = platform();
    const work = () => new Promise((resolve) => setTimeout(resolve, 100));
    const ended = queueWorker(work, here)(batch([{ id: 1, heartbeatSeconds: 30_000_000 }]));
    await vi.advanceTimersByTimeAsync(100);
    await ended;
    vi.useRealTimers();
    expect(here.beats).toHaveLength(1);
  });

  it.each([0, -1, 1.5, NaN])(
    'of %s messages at once would delete all of them unread, and is refused',
    (concurrency) => {
      expect(() => queueWorker(() => 1, { concurrency })).toThrow(/^concurrency: /);
    },
  );

  it('works on several at once, and on no more than it is told', async () => {
    const here = platform();
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
    };
    await queueWorker(work, { ...here, concurrency: 3 })(batch(Array.from({ length: 9 }, (_, id) => ({ id }))));
    expect(most).toBe(3);
    expect(here.outcomes.size).toBe(9);
  });

  it('of a FIFO queue works in order, and keeps everything after what failed', async () => {
    const here = platform();
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = await queueWorker(() => 1, here)(batch([{ id: 1 }, 'not json', { id: 3 }], 'jobs.fifo'));
    silent.mockRestore();
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['message-1', 'message-2']);
    expect([...here.outcomes.keys()]).toEqual([1]);
  });

  it('of invocations fails where it could not report, so that Lambda tries again', async () => {
    const here = platform();
    await lambdaWorker((pages) => ({ pages }), here)({ id: 1, payload: 3 });
    expect(here.outcomes.get(1)).toEqual({ type: 'success', output: '{"pages":3}' });
    here.refuse = true;
    await expect(lambdaWorker(() => 1, here)({ id: 1, payload: 3 })).rejects.toThrow('nobody answers');
  });

  it('says what its environment lacks', async () => {
    await expect(lambdaWorker(() => 1)({ payload: 1 })).rejects.toThrow(/BATON_ENDPOINT/);
  });
});

describe('a function that never ends', () => {
  afterEach(() => void vi.useRealTimers());
  const until = (seconds: number) => {
    const deadline = Date.now() + seconds * 1000;
    return { getRemainingTimeInMillis: () => deadline - Date.now() } as Context;
  };
  const never = () => new Promise<never>(() => undefined);
  const hears = (_: unknown, { signal }: WorkContext) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(new Error('too late'))));

  it.each([
    ['does not hear', never],
    ['hears', hears],
  ])('and %s its signal: its message alone comes again when the time is nearly over', async (_, work) => {
    vi.useFakeTimers();
    const here = platform();
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const worker = queueWorker((id, context) => (id === 2 ? work(id, context) : id), here);
    const answer = worker(batch([{ id: 1, work: 1 }, { id: 2, work: 2, heartbeatSeconds: 9 }, { id: 3 }]), until(10));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-1' }] });
    expect([...here.outcomes.keys()]).toEqual([1, 3]);
    expect(vi.getTimerCount()).toBe(0);
    expect(silent.mock.calls.join()).toContain('Baton.Interrupted');
    silent.mockRestore();
  });

  it('is not begun where nobody answers its first heartbeat in time', async () => {
    vi.useFakeTimers();
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const mute: Reports = (message) => ({ ...platform().reports(message), heartbeat: never });
    const work = vi.fn();
    const answer = queueWorker(work, { reports: mute })(batch([{ id: 1 }]), until(10));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
    expect(work).not.toHaveBeenCalled();
    silent.mockRestore();
  });

  it('keeps what would follow it from being begun', async () => {
    vi.useFakeTimers();
    const here = platform();
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const answer = queueWorker(never, { ...here, concurrency: 1 })(batch([{ id: 1 }, { id: 2 }]), until(10));
    await vi.advanceTimersByTimeAsync(9_000);
    expect((await answer).batchItemFailures).toHaveLength(2);
    expect(here.beats).toHaveLength(1);
    silent.mockRestore();
  });

  it('has nine tenths of a time that is short', async () => {
    vi.useFakeTimers();
    const here = platform();
    const work = () => new Promise((resolve) => setTimeout(resolve, 899));
    const answer = queueWorker(work, here)(batch([{ id: 1 }]), until(1));
    await vi.advanceTimersByTimeAsync(900);
    expect(await answer).toEqual({ batchItemFailures: [] });
  });

  it('is not waited for where all have ended', async () => {
    vi.useFakeTimers();
    await queueWorker(() => 1, platform())(batch([{ id: 1 }]), until(10));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('and that nobody waits for any more is done with', async () => {
    vi.useFakeTimers();
    const here = platform();
    here.answers.push('continue', 'stop');
    const answer = queueWorker(never, here)(batch([{ id: 1, heartbeatSeconds: 9 }]), until(10));
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await answer).toEqual({ batchItemFailures: [] });
  });

  it('and was invoked: the invocation fails by a name of its own', async () => {
    vi.useFakeTimers();
    const answer = lambdaWorker(never, platform())({ payload: 1 }, until(10));
    const failed = expect(answer).rejects.toMatchObject({ name: 'Baton.Interrupted' });
    await vi.advanceTimersByTimeAsync(9_000);
    await failed;
  });
});

describe('a message', () => {
  const ways = {
    'a callbackId': httpReports('https://api.test', worker),
    'a callbackId for reports by message': queueReports('https://sqs.test/1/completions', fakeStarts().queues),
    'a token': directReports(fakeStepFunctions().tasks),
  };

  it.each(Object.entries(ways))('that has to have %s stays without one, unread by the function', async (_, reports) => {
    const alarms = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const work = vi.fn();
    const bad = [
      '',
      '{"callbackId":',
      'null',
      '[]',
      '"text"',
      {},
      { callbackId: 7, taskToken: 7 },
      ids('$$.Task.Token'),
      ids(''),
    ];
    const { batchItemFailures } = await queueWorker(work, { reports })(batch([...bad, ids('x'.repeat(3_000))]));
    expect(batchItemFailures).toHaveLength(bad.length + 1);
    expect(work).not.toHaveBeenCalled();
    expect(alarms.mock.calls.at(-1)?.join()).toMatch(/"message-9".*(callbackId|taskToken)/);
    alarms.mockRestore();
  });
});
const worker = { region: 'eu-central-1', credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } };
const ids = (text: string) => ({ callbackId: text, taskToken: text });

it('a heartbeat that the HTTP API refuses was not taken', async () => {
  vi.stubGlobal('fetch', async () => new Response('{"error":"Forbidden"}', { status: 403 }));
  const { heartbeat } = httpReports('https://api.test', worker)({ callbackId: '0'.repeat(26) });
  await expect(heartbeat()).rejects.toThrow(/403/);
  vi.unstubAllGlobals();
});
