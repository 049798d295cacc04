import type { Context } from 'aws-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { MAX_CAUSE_CHARACTERS, MAX_ERROR_CHARACTERS, MAX_OUTPUT_BYTES, type Outcome } from '../outcome.ts';
import { fakeStepFunctions, sampleToken, tokenText } from '../testing/index.ts';
import { directReports } from './direct.ts';
import { httpReports } from './http-reports.ts';
import { lambdaWorker } from './lambda-worker.ts';
import { pollQueue } from './poll-queue.ts';
import { queueReports } from './queue-reports.ts';
import { queueWorker } from './queue-worker.ts';
import type { Reports } from './reports.ts';
import type { WorkContext, WorkFunction } from './run-work.ts';

interface Said {
  readonly reports: Reports;
  readonly outcomes: Map<unknown, Outcome>;
  readonly beats: unknown[];
  /** Of the coming heartbeats; then continue. */
  readonly answers: ('continue' | 'stop')[];
  refuse: boolean;
}

/** A platform that hears everything; the message's `id` says whose it is. */
function platform(): Said {
  const said: Said = {
    outcomes: new Map(),
    beats: [],
    answers: [],
    refuse: false,
    reports: ({ id }) => ({
      callbackId: String(id),
      async heartbeat(progress) {
        said.beats.push(progress);
        return said.answers.shift() ?? 'continue';
      },
      async report(outcome) {
        if (said.refuse) throw new Error('nobody answers');
        said.outcomes.set(id, outcome);
      },
    }),
  };
  return said;
}

const batch = (bodies: readonly unknown[], queue = 'jobs') => ({
  Records: bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    eventSourceARN: `arn:aws:sqs:eu-central-1:111122223333:${queue}`,
  })),
});

async function outcomeOf(work: WorkFunction<unknown, unknown>): Promise<Outcome | undefined> {
  const here = platform();
  await queueWorker(work, here)(batch([{ id: 1, work: 4 }]));
  return here.outcomes.get(1);
}

function circular(): object {
  const self: Record<string, unknown> = {};
  return Object.assign(self, { self });
}

describe('what a function returns', () => {
  it.each([
    ['a value', () => ({ half: 2 }), '{"half":2}'],
    ['of an asynchronous function', async () => [1], '[1]'],
    ['a promise', () => Promise.resolve(1), '1'],
    ['a Date', () => new Date('2026-03-01T12:00:00Z'), '"2026-03-01T12:00:00.000Z"'],
    ['nothing', () => undefined, 'null'],
    ['null', () => null, 'null'],
    [
      'as much as Step Functions takes',
      () => 'x'.repeat(MAX_OUTPUT_BYTES - 2),
      `"${'x'.repeat(MAX_OUTPUT_BYTES - 2)}"`,
    ],
  ])('%s is the result', async (_, work, output) => {
    expect(await outcomeOf(work)).toEqual({ type: 'success', output });
  });

  it.each([
    ['a BigInt', () => 1n, 'Baton.OutputNotJson', /BigInt/],
    ['a BigInt far within', () => ({ rows: [{ id: 1n }] }), 'Baton.OutputNotJson', /BigInt/],
    ['a function', () => () => 1, 'Baton.OutputNotJson', /JSON value/],
    ['a symbol', () => Symbol('x'), 'Baton.OutputNotJson', /JSON value/],
    ['what contains itself', () => circular(), 'Baton.OutputNotJson', /circular/],
    ['what throws when it is written', () => ({ toJSON: () => decodeURI('%') }), 'Baton.OutputNotJson', /URI/],
    ['more than Step Functions takes', () => 'x'.repeat(300_000), 'Baton.OutputTooLarge', /262144/],
  ])('%s is a failure by name', async (_, work, error, cause) => {
    expect(await outcomeOf(work)).toEqual({ type: 'failure', error, cause: expect.stringMatching(cause) as string });
  });
});

describe('what a function throws', () => {
  const named = (name: unknown) => Object.assign(new Error('7 is odd'), { name });
  const several = new AggregateError([new TypeError('left'), 'right', circular()], 'both failed');
  it.each([
    ['an error', named('OddNumber'), { error: 'OddNumber', cause: '7 is odd' }],
    ['an error without a name', named(''), { error: 'Error', cause: '7 is odd' }],
    ['a name of Step Functions', named('States.Timeout'), { error: 'Worker.States.Timeout', cause: '7 is odd' }],
    ['a name that is no text', named(7), { error: '7', cause: '7 is odd' }],
    ['a name that is too long', named('x'.repeat(300)), { error: 'x'.repeat(MAX_ERROR_CHARACTERS), cause: '7 is odd' }],
    [
      'a message that is too long',
      new Error('x'.repeat(40_000)),
      { error: 'Error', cause: 'x'.repeat(MAX_CAUSE_CHARACTERS) },
    ],
    ['several errors', several, { error: 'AggregateError', cause: 'both failed\nTypeError: left\nright\nobject' }],
    ['a string', '7 is odd', { error: 'Baton.ThrownValue', cause: '7 is odd' }],
    ['an object', { odd: 7 }, { error: 'Baton.ThrownValue', cause: '{"odd":7}' }],
    ['a BigInt', 7n, { error: 'Baton.ThrownValue', cause: 'bigint' }],
    ['what contains itself', circular(), { error: 'Baton.ThrownValue', cause: 'object' }],
    ['null', null, { error: 'Baton.ThrownValue', cause: 'null' }],
    ['nothing', undefined, { error: 'Baton.ThrownValue', cause: 'undefined' }],
  ])('%s fails the task by name', async (_, thrown, outcome) => {
    const throws = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- JavaScript lets workers throw anything
      throw thrown;
    };
    expect(await outcomeOf(throws)).toEqual({ type: 'failure', ...outcome });
    expect(await outcomeOf(async () => throws())).toEqual({ type: 'failure', ...outcome });
  });
});

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
  const connection = { region: 'eu-central-1', endpointOf: () => 'https://aws.test', timeout: 1 };
  const ways = {
    'a callbackId': httpReports('https://api.test', connection),
    'a callbackId for reports by message': queueReports('https://sqs.test/1/completions', connection),
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
const ids = (text: string) => ({ callbackId: text, taskToken: text });

it('a heartbeat that the HTTP door refuses was not taken', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubGlobal('fetch', async () => new Response('{"error":"Forbidden"}', { status: 403 }));
  const connection = { region: 'eu-central-1', endpointOf: () => '', timeout: 1_000 };
  const { heartbeat } = httpReports('https://api.test', connection)({ callbackId: '0'.repeat(26) });
  await expect(heartbeat()).rejects.toThrow(/HTTP 403/);
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

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

describe('direct mode', () => {
  const message = { taskToken: tokenText('first'), work: 4 };

  it('tells Step Functions itself', async () => {
    const { tasks, taken } = fakeStepFunctions();
    const answer = await queueWorker((number) => ({ number }), { reports: directReports(tasks) })(batch([message]));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(taken).toEqual([{ type: 'success', output: '{"number":4}' }]);
  });

  it('is done with a task that is no more, and tries again where nobody answered', async () => {
    const { tasks, close, faults } = fakeStepFunctions();
    const worker = queueWorker(() => 1, { reports: directReports(tasks) });
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    faults.push('not delivered', 'not delivered');
    expect((await worker(batch([message]))).batchItemFailures).toHaveLength(1);
    close(sampleToken());
    expect((await worker(batch([message]))).batchItemFailures).toHaveLength(0);
    silent.mockRestore();
  });

  it('says where Step Functions does not take its heartbeat', async () => {
    const denied = { answer: 'denied', error: 'AccessDeniedException' } as const;
    const tasks = { ...fakeStepFunctions().tasks, heartbeat: async () => denied };
    await expect(directReports(tasks)(message).heartbeat()).rejects.toThrow(/AccessDeniedException/);
  });

  it('prints no token, whatever the message is (L3)', async () => {
    const lines: unknown[] = [];
    const silent = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(line));
    const { tasks } = fakeStepFunctions();
    await queueWorker(() => 1, { reports: directReports(tasks) })(
      batch([`{"taskToken":"${tokenText('first')}`, { taskToken: '$' }]),
    );
    silent.mockRestore();
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain(tokenText('first').slice(0, 20));
  });
});
