import {
  deepJson,
  sampleApprovalWork,
  sampleQueueWork,
  sampleToken,
  tokenText,
  workSecretText,
} from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { DEAD, world } from '../../test/world.ts';

const stays = (...indexes: number[]) => ({
  batchItemFailures: indexes.map((index) => ({ itemIdentifier: `message-${index}` })),
});

async function working() {
  const here = world();
  const { callbackId, token } = await here.dispatchWork(sampleQueueWork());
  return { ...here, callbackId, token, address: { callbackId, workSecret: workSecretText() } };
}

describe('a report by message', () => {
  it('settles the task; the same again changes nothing, and is deleted too', async () => {
    const { queue, callbackId, stepFunctions, row, address } = await working();
    const report = { body: { type: 'success', ...address, output: { half: 2 } } };
    expect(await queue([report])).toEqual(stays());
    expect(await queue([report, { body: { type: 'failure', ...address, error: 'Odd' } }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([{ type: 'success', output: '{"half":2}' }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('of which nobody is heard any more once it is stored is told by its reminder, and not by the clock (L1)', async () => {
    const { queue, callbackId, clock, crashAt, reminders, row, address } = await working();
    crashAt('replace Settling', 'after');
    expect(await queue([{ body: { type: 'success', ...address, output: 1 } }])).toEqual(stays(0));
    expect(row(callbackId)).toMatchObject({ state: 'Settling' });
    const [reminder] = reminders.asked;
    clock.now += reminder!.delay;
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(reminder!.delay).toBeLessThanOrEqual(10_000);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('beats, with how far it has come', async () => {
    const { queue, callbackId, stepFunctions, row, address } = await working();
    await queue([{ body: { type: 'heartbeat', ...address, progress: { done: 0.5 } } }]);
    expect(stepFunctions.heartbeats).toBe(1);
    expect(row(callbackId)).toMatchObject({ run: { progress: { done: 0.5 } } });
  });

  it('closes the row of a task that is no more', async () => {
    const { queue, callbackId, token, stepFunctions, row, address } = await working();
    stepFunctions.close(token);
    await queue([{ body: { type: 'heartbeat', ...address } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it.each([
    ['no JSON', '{"type":'],
    ['nothing', 'null'],
    ['no type', { callbackId: 'x' }],
    ['a type that is none', { type: 'done' }],
    ['no callbackId', { type: 'success', output: 1 }],
    ['a callbackId of nobody', { type: 'success', output: 1, callbackId: '0'.repeat(26) }],
  ])('with %s stays, and keeps nobody else', async (_, body) => {
    const { queue, stepFunctions, address } = await working();
    const good = { body: { type: 'success', ...address, output: 1 } };
    expect(await queue([{ body }, good])).toEqual(stays(0));
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it.each([
    ['no output', { type: 'success' }, /^output: /],
    ['an empty error', { type: 'failure', error: '' }, /^error: /],
    ['an error of 257 characters', { type: 'failure', error: 'x'.repeat(257) }, /^error: /],
    ['a cause that is no text', { type: 'failure', error: 'Odd', cause: 1 }, /^cause: /],
  ])('with %s fails its task, which would wait for nothing', async (_, report, cause) => {
    const { queue, stepFunctions, address } = await working();
    expect(await queue([{ body: { ...report, ...address } }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([
      { type: 'failure', error: 'Baton.InvalidReport', cause: expect.stringMatching(cause) as string },
    ]);
  });

  it.each([
    [
      'too large an output',
      JSON.stringify('x'.repeat(262_200)),
      'Baton.OutputTooLarge',
      /^the output has 262202 bytes/,
    ],
    ['an output of too many levels', deepJson(5_000), 'Baton.JsonTooDeep', /^the output .*1,000 levels/],
  ])('with %s fails its task by the name that it has everywhere', async (_, output, error, cause) => {
    const { queue, address, stepFunctions } = await working();
    const body = `${JSON.stringify({ ...address, type: 'success' }).slice(0, -1)},"output":${output}}`;
    expect(await queue([{ body }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([{ type: 'failure', error, cause: expect.stringMatching(cause) as string }]);
  });

  it('of a heartbeat that is malformed stays, and its task goes on', async () => {
    const { queue, stepFunctions, address } = await working();
    expect(await queue([{ body: { type: 'heartbeat', ...address, progress: 'half' } }])).toEqual(stays(0));
    expect(stepFunctions.taken).toEqual([]);
  });

  it.each<[string, object]>([
    ['no secret', {}],
    ['the secret of another callback', { workSecret: workSecretText('other') }],
    ['a secret that is none', { workSecret: 7 }],
  ])('of a foreign callback, with %s, is refused and counted, and settles nothing', async (_, shown) => {
    const { queue, callbackId, stepFunctions, row, logged } = await working();
    for (const type of ['heartbeat', 'success', 'failure']) {
      const body = { type, callbackId, ...shown, output: 'stolen', error: 'Stolen' };
      expect(await queue([{ body }])).toEqual(stays(0));
    }
    expect(stepFunctions).toMatchObject({ taken: [], heartbeats: 0 });
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
    expect(logged).toHaveLength(3);
    expect(JSON.stringify(logged)).toMatch(/"alarm","message not taken".*Baton.Forbidden/);
  });

  it('of work that the release before dispatched needs no secret, until it is closed', async () => {
    const { dispatchWork, queue, stepFunctions } = world();
    const { callbackId } = await dispatchWork(sampleQueueWork(), 'first', 'before');
    expect(await queue([{ body: { type: 'success', callbackId, output: 1 } }])).toEqual(stays());
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it('is answered after the row is closed and its token gone: a duplicate is deleted, one without the secret stays', async () => {
    const { queue, address, callbackId, row, logged } = await working();
    const body = { type: 'success', ...address, output: 1 };
    await queue([{ body }]);
    expect(row(callbackId)).not.toHaveProperty('token');
    expect(await queue([{ body }, { body: { ...body, workSecret: undefined } }])).toEqual(stays(1));
    expect(JSON.stringify([logged, row(callbackId)])).not.toContain(workSecretText());
  });

  it("is not for a host's callback, and not for a question to people", async () => {
    const { queue, dispatch, dispatchWork, stepFunctions } = world();
    const host = await dispatch('host');
    const question = await dispatchWork(sampleApprovalWork(), 'question');
    for (const [{ callbackId }, name] of [
      [host, 'host'],
      [question, 'question'],
    ] as const) {
      const body = { type: 'success', callbackId, workSecret: workSecretText(name), output: 1 };
      expect(await queue([{ body }])).toEqual(stays(0));
    }
    expect(stepFunctions.taken).toEqual([]);
  });
});

describe('a dead letter', () => {
  const deadLettered = {
    type: 'failure',
    error: 'Baton.DeadLettered',
    cause: expect.stringMatching(
      /^message message-0 was never done.*jobs-dead has it \(received 4 times, from there included\)$/,
    ) as string,
  };

  it('fails the task whose message it is: its secret is in its body', async () => {
    const { queue, address, stepFunctions } = await working();
    expect(await queue([{ body: { ...address, work: 1 }, from: DEAD }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([deadLettered]);
  });

  it.each(['body', 'attribute'])(
    'of the release before, which sent no secret, fails the task whose callbackId is in its %s',
    async (where) => {
      const { dispatchWork, queue, stepFunctions } = world();
      const { callbackId } = await dispatchWork(sampleQueueWork(), 'first', 'before');
      const letter = where === 'body' ? { body: { callbackId, work: 1 } } : { body: 'not json', attribute: callbackId };
      expect(await queue([{ ...letter, from: DEAD }])).toEqual(stays());
      expect(stepFunctions.taken).toEqual([deadLettered]);
    },
  );

  it.each<[string, (callbackId: string) => { body: unknown; attribute?: string }]>([
    ['in its body', (callbackId) => ({ body: { callbackId, work: 1 } })],
    ['in its attributes', (callbackId) => ({ body: { work: 1 }, attribute: callbackId })],
    ['beside the secret of its own', (callbackId) => ({ body: { callbackId, workSecret: workSecretText('other') } })],
    ['beside its own token', (callbackId) => ({ body: { callbackId, taskToken: tokenText('other') } })],
  ])('that only names a foreign callback %s does not fail it, and stays', async (_, letter) => {
    const { queue, callbackId, stepFunctions, row } = await working();
    expect(await queue([{ ...letter(callbackId), from: DEAD }])).toEqual(stays(0));
    expect(stepFunctions.taken).toEqual([]);
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
  });

  it.each(['taskToken', 'TaskToken', 'task_token', 'token'])(
    'fails the task whose raw token is its "%s"',
    async (name) => {
      const { queue, stepFunctions, logged } = world();
      expect(await queue([{ body: { [name]: tokenText('direct') }, from: DEAD }])).toEqual(stays());
      expect(stepFunctions.taken).toEqual([deadLettered]);
      expect(JSON.stringify(logged)).not.toContain(tokenText('direct').slice(0, 20));
    },
  );

  it('of a task that is no more is done with', async () => {
    const { queue, stepFunctions } = world();
    stepFunctions.close(sampleToken('direct'));
    expect(await queue([{ body: { taskToken: tokenText('direct') }, from: DEAD }])).toEqual(stays());
  });

  it('comes again where Step Functions did not answer', async () => {
    const { queue, stepFunctions } = world();
    stepFunctions.faults.push('not delivered');
    expect(await queue([{ body: { taskToken: tokenText('direct') }, from: DEAD }])).toEqual(stays(0));
  });

  it('that nobody can read alarms while it is new, and then ever more seldom: it comes again for 14 days', async () => {
    const { queue, logged } = world();
    const counts = Array.from({ length: 6_720 }, (_, index) => index + 6);
    for (const receives of counts) await queue([{ body: 'poison', from: DEAD, receives }]);
    const alarms = counts.filter((_, index) => (logged[index] as unknown[])[0] === 'alarm');
    expect(alarms).toEqual([6, 7, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096]);
  });

  it('after the outcome changes nothing', async () => {
    const { queue, stepFunctions, address } = await working();
    await queue([{ body: { type: 'success', ...address, output: 1 } }]);
    expect(await queue([{ body: address, from: DEAD }])).toEqual(stays());
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it.each([
    ['nothing readable', 'poison'],
    ['no token and no callbackId', { order: 7 }],
    ['a token that is none', { taskToken: '$$.Task.Token' }],
    ['a callbackId of nobody', { callbackId: '0'.repeat(26) }],
  ])('with %s stays, for somebody to read', async (_, body) => {
    const { queue, logged } = world();
    expect(await queue([{ body, from: DEAD }])).toEqual(stays(0));
    expect(JSON.stringify(logged)).toContain('message-0');
  });
});
