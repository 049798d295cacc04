import { sampleApprovalWork, sampleQueueWork, sampleToken, tokenText } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { DEAD, world } from '../../test/world.ts';

const stays = (...indexes: number[]) => ({
  batchItemFailures: indexes.map((index) => ({ itemIdentifier: `message-${index}` })),
});

async function working() {
  const here = world();
  const { callbackId, token } = await here.dispatchWork(sampleQueueWork());
  return { ...here, callbackId, token };
}

describe('a report by message', () => {
  it('settles the task; the same again changes nothing, and is deleted too', async () => {
    const { queue, callbackId, stepFunctions, row } = await working();
    const report = { body: { type: 'success', callbackId, output: { half: 2 } } };
    expect(await queue([report])).toEqual(stays());
    expect(await queue([report, { body: { type: 'failure', callbackId, error: 'Odd' } }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([{ type: 'success', output: '{"half":2}' }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('beats, with how far it has come', async () => {
    const { queue, callbackId, stepFunctions, row } = await working();
    await queue([{ body: { type: 'heartbeat', callbackId, progress: { done: 0.5 } } }]);
    expect(stepFunctions.heartbeats).toBe(1);
    expect(row(callbackId)).toMatchObject({ run: { progress: { done: 0.5 } } });
  });

  it('closes the row of a task that is no more', async () => {
    const { queue, callbackId, token, stepFunctions, row } = await working();
    stepFunctions.close(token);
    await queue([{ body: { type: 'heartbeat', callbackId } }]);
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
    const { queue, callbackId, stepFunctions } = await working();
    const good = { body: { type: 'success', callbackId, output: 1 } };
    expect(await queue([{ body }, good])).toEqual(stays(0));
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it.each([
    ['too large an output', { type: 'success', output: 'x'.repeat(262_200) }, /^the output has 262202 bytes/],
    ['no output', { type: 'success' }, /^output: /],
    ['an empty error', { type: 'failure', error: '' }, /^error: /],
    ['an error of 257 characters', { type: 'failure', error: 'x'.repeat(257) }, /^error: /],
    ['a cause that is no text', { type: 'failure', error: 'Odd', cause: 1 }, /^cause: /],
  ])('with %s fails its task, which would wait for nothing', async (_, report, cause) => {
    const { queue, callbackId, stepFunctions } = await working();
    expect(await queue([{ body: { ...report, callbackId } }])).toEqual(stays());
    expect(stepFunctions.taken).toEqual([
      { type: 'failure', error: 'Baton.InvalidReport', cause: expect.stringMatching(cause) as string },
    ]);
  });

  it('of a heartbeat that is malformed stays, and its task goes on', async () => {
    const { queue, callbackId, stepFunctions } = await working();
    expect(await queue([{ body: { type: 'heartbeat', callbackId, progress: 'half' } }])).toEqual(stays(0));
    expect(stepFunctions.taken).toEqual([]);
  });

  it("is not for a host's callback, and not for a question to people", async () => {
    const { queue, dispatch, dispatchWork, stepFunctions } = world();
    const host = await dispatch('host');
    const question = await dispatchWork(sampleApprovalWork(), 'question');
    for (const { callbackId } of [host, question]) {
      expect(await queue([{ body: { type: 'success', callbackId, output: 1 } }])).toEqual(stays(0));
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

  it('fails the task whose callbackId is in its body or its attributes', async () => {
    for (const message of [{ where: 'body' }, { where: 'attribute' }]) {
      const { queue, callbackId, stepFunctions } = await working();
      const letter =
        message.where === 'body' ? { body: { callbackId, work: 1 } } : { body: 'not json', attribute: callbackId };
      expect(await queue([{ ...letter, from: DEAD }])).toEqual(stays());
      expect(stepFunctions.taken).toEqual([deadLettered]);
    }
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

  it('after the outcome changes nothing', async () => {
    const { queue, callbackId, stepFunctions } = await working();
    await queue([{ body: { type: 'success', callbackId, output: 1 } }]);
    expect(await queue([{ body: { callbackId }, from: DEAD }])).toEqual(stays());
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
