import { readFileSync } from 'node:fs';
import { seconds, WORK_SECRET_HEADER } from '@baton/token-lib';
import {
  deepJson,
  INSTANCE_ID,
  OTHER_RUN_ID,
  RUN_ID,
  sampleQueueWork,
  sampleRow,
  tokenText,
  workSecretText,
} from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { running, userArn, world } from '../../test/world.ts';
import { ROUTES } from './handle-http.ts';

describe('a claim', () => {
  it('is granted with the job, its beat and the time that is left', async () => {
    const { dispatch, claim, clock } = world();
    const { callbackId } = await dispatch();
    clock.now += seconds(100);
    expect(await claim(callbackId)).toEqual({
      status: 200,
      body: {
        answer: 'granted',
        job: { command: ['./make-report.sh', '--rows', '50000'] },
        heartbeatIntervalSeconds: 20,
        heartbeatSeconds: 60,
        timeLeftSeconds: 3500,
        stopGraceSeconds: 10,
      },
    });
  });

  it('is granted again to the same run, and to no other (L7)', async () => {
    const { claim, callbackId } = await running();
    expect((await claim(callbackId)).body).toMatchObject({ answer: 'granted' });
    for (const other of [{ runId: OTHER_RUN_ID }, { bootId: 'boot-2' }, { commandId: 'command-9' }]) {
      expect((await claim(callbackId, other)).body).toMatchObject({ answer: 'refused' });
    }
  });

  it('of two processes at once is granted to one', async () => {
    const { dispatch, claim } = world();
    const { callbackId } = await dispatch();
    const answers = await Promise.all([claim(callbackId), claim(callbackId, { runId: OTHER_RUN_ID })]);
    expect(answers.map(({ body }) => (body as { answer: string }).answer).sort()).toEqual(['granted', 'refused']);
  });

  it('for a task that is no more is refused, and the row closed', async () => {
    const { dispatch, claim, row, stepFunctions } = world();
    const { callbackId, token } = await dispatch();
    stepFunctions.close(token);
    expect((await claim(callbackId)).body).toMatchObject({
      answer: 'refused',
      reason: 'Step Functions has closed the task',
    });
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });
});

describe('a retry while the first run may live (L7)', () => {
  it('waits until the first one must be over', async () => {
    const here = world();
    const first = await here.dispatch('first', 0);
    await here.claim(first.callbackId);
    here.clock.now += seconds(61);
    const second = await here.dispatch('second', 1);
    const claim = () => here.claim(second.callbackId, { runId: OTHER_RUN_ID });
    expect(await claim()).toEqual({ status: 202, body: { answer: 'wait', retryAfterSeconds: 5 } });
    here.clock.now += seconds(8);
    expect((await claim()).body).toEqual({ answer: 'wait', retryAfterSeconds: 1 });
    here.clock.now += seconds(1);
    expect((await claim()).body).toMatchObject({ answer: 'granted' });
  });

  it('is kept alive by the asking, and refused when its own task is no more', async () => {
    const here = world();
    const first = await here.dispatch('first', 0);
    await here.claim(first.callbackId);
    const second = await here.dispatch('second', 1);
    const beats = here.stepFunctions.heartbeats;
    expect((await here.claim(second.callbackId, { runId: OTHER_RUN_ID })).body).toMatchObject({ answer: 'wait' });
    expect(here.stepFunctions.heartbeats).toBe(beats + 1);
    here.stepFunctions.close(second.token);
    expect((await here.claim(second.callbackId, { runId: OTHER_RUN_ID })).body).toMatchObject({ answer: 'refused' });
    expect(here.row(second.callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it('goes on at once when the first one says that it has stopped', async () => {
    const here = world();
    const first = await here.dispatch('first', 0);
    await here.claim(first.callbackId);
    const second = await here.dispatch('second', 1);
    expect((await here.heartbeat(first.callbackId)).body).toMatchObject({ answer: 'stop' });
    expect(await here.failure(first.callbackId, 'Baton.Stopped')).toMatchObject({
      status: 410,
      body: { answer: 'late' },
    });
    expect((await here.claim(second.callbackId, { runId: OTHER_RUN_ID })).body).toMatchObject({ answer: 'granted' });
    expect(here.table.losingOutcomes).toEqual([]);
  });

  it('looks past an attempt that was never claimed', async () => {
    const here = world();
    const first = await here.dispatch('first', 0);
    await here.claim(first.callbackId);
    await here.dispatch('second', 1);
    const third = await here.dispatch('third', 2);
    expect((await here.claim(third.callbackId, { runId: OTHER_RUN_ID })).body).toMatchObject({ answer: 'wait' });
  });
});

describe('a heartbeat', () => {
  it('reaches Step Functions and keeps the progress', async () => {
    const { heartbeat, callbackId, stepFunctions, row } = await running();
    expect(await heartbeat(callbackId, RUN_ID, { rows: 12 })).toEqual({
      status: 200,
      body: { answer: 'continue', timeLeftSeconds: 3600 },
    });
    expect(stepFunctions.heartbeats).toBe(2);
    expect(row(callbackId)).toMatchObject({ run: { progress: { rows: 12 } } });
  });

  it('counts without progress of too many levels', async () => {
    const { post, claim, dispatch, row } = world();
    const { callbackId } = await dispatch();
    await claim(callbackId);
    const beat = `{"runId":"${RUN_ID}","progress":{"deep":${deepJson(5_000)}}}`;
    expect((await post('heartbeat', callbackId, beat)).body).toMatchObject({ answer: 'continue' });
    expect(row(callbackId)).not.toHaveProperty('run.progress');
  });

  it('is answered `stop` when the task is no more', async () => {
    const { heartbeat, callbackId, token, stepFunctions, row } = await running();
    stepFunctions.close(token);
    expect((await heartbeat(callbackId)).body).toMatchObject({ answer: 'stop' });
    expect(row(callbackId)).not.toHaveProperty('token');
  });

  it.each(['not delivered', { answer: 'denied', error: 'KmsAccessDeniedException' }] as const)(
    'is answered `continue` when Step Functions cannot be asked: %j (L8)',
    async (fault) => {
      const { heartbeat, callbackId, stepFunctions } = await running();
      stepFunctions.faults.push(fault);
      expect((await heartbeat(callbackId)).body).toMatchObject({ answer: 'continue' });
    },
  );

  it('of another run is told to stop', async () => {
    const { heartbeat, callbackId } = await running();
    expect((await heartbeat(callbackId, OTHER_RUN_ID)).body).toMatchObject({ answer: 'stop' });
  });
});

describe('a report', () => {
  it('settles the callback and removes its token', async () => {
    const { success, callbackId, stepFunctions, row } = await running();
    expect(await success(callbackId, { rows: 3 })).toEqual({ status: 200, body: { answer: 'applied' } });
    expect(stepFunctions.taken).toEqual([{ type: 'success', output: '{"rows":3}' }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
    expect(row(callbackId)).not.toHaveProperty('token');
  });

  it('again is a duplicate; another outcome is a conflict, and kept', async () => {
    const { success, failure, callbackId, stepFunctions, table } = await running();
    await success(callbackId, 1);
    expect(await success(callbackId, 1)).toMatchObject({ status: 200, body: { answer: 'duplicate' } });
    expect(await failure(callbackId, 'Baton.JobFailed')).toMatchObject({
      status: 409,
      body: { answer: 'conflict', error: 'Conflict' },
    });
    await failure(callbackId, 'Baton.JobFailed');
    expect(stepFunctions.taken).toHaveLength(1);
    expect(table.losingOutcomes).toMatchObject([{ verdict: 'conflict', outcome: { error: 'Baton.JobFailed' } }]);
  });

  it('after the task’s end is late', async () => {
    const { success, callbackId, token, stepFunctions, row } = await running();
    stepFunctions.close(token);
    expect(await success(callbackId, 1)).toMatchObject({ status: 410, body: { answer: 'late' } });
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed', outcome: { output: '1' } });
  });

  it('of an output that Step Functions refuses fails the task, and keeps the output', async () => {
    const { success, callbackId, stepFunctions, table } = await running();
    stepFunctions.faults.push({ answer: 'rejected', error: 'InvalidOutput' });
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'applied' });
    expect(stepFunctions.taken).toMatchObject([{ error: 'Baton.OutputRejected' }]);
    expect(table.losingOutcomes).toMatchObject([{ verdict: 'rejected', outcome: { output: '1' } }]);
  });

  it('over the limit is refused, and the callback stays open for a failure', async () => {
    const { success, failure, callbackId } = await running();
    await expect(success(callbackId, 'x'.repeat(262_143))).rejects.toMatchObject({ code: 'OutputTooLarge' });
    expect((await failure(callbackId, 'Baton.OutputTooLarge')).body).toMatchObject({ answer: 'applied' });
  });

  it('of too many levels is refused by name, not with "try again", and the callback stays open', async () => {
    const { post, claim, dispatch, failure } = world();
    const { callbackId } = await dispatch();
    await claim(callbackId);
    const report = `{"runId":"${RUN_ID}","output":${deepJson(5_000)}}`;
    await expect(post('success', callbackId, report)).rejects.toMatchObject({ code: 'JsonTooDeep' });
    expect((await failure(callbackId, 'Baton.JsonTooDeep')).body).toMatchObject({ answer: 'applied' });
  });

  it('of megabytes is refused before it is parsed, for a function has no memory for it', async () => {
    const { post, claim, dispatch } = world();
    const { callbackId } = await dispatch();
    await claim(callbackId);
    await expect(post('success', callbackId, deepJson(1_000_000))).rejects.toMatchObject({ code: 'OutputTooLarge' });
  });

  it('of another run is refused', async () => {
    const { success, callbackId } = await running();
    await expect(success(callbackId, 1, OTHER_RUN_ID)).rejects.toMatchObject({ code: 'NotClaimHolder' });
  });
});

describe('a report about work of a queue', () => {
  const worker = userArn('worker-function', 'baton-worker');
  const secret = (text: string) => ({ [WORK_SECRET_HEADER]: text });
  const verbs = { heartbeat: {}, success: { output: 1 }, failure: { error: 'E' } };

  it('with the secret that came with the work beats and settles, and again is a duplicate', async () => {
    const { dispatchWork, post, stepFunctions } = world();
    const { callbackId } = await dispatchWork(sampleQueueWork());
    const say = (verb: 'heartbeat' | 'success') =>
      post(verb, callbackId, verbs[verb], worker, secret(workSecretText()));
    expect((await say('heartbeat')).body).toMatchObject({ answer: 'continue' });
    expect((await say('success')).body).toEqual({ answer: 'applied' });
    expect((await say('success')).body).toEqual({ answer: 'duplicate' });
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it.each<[string, string, Record<string, string>]>([
    ['a worker that was given other work', worker, secret(workSecretText('other'))],
    ['a worker without a secret', worker, {}],
    ['a worker with a secret that is none', worker, secret('x')],
    ['a host that has the secret', userArn(INSTANCE_ID), secret(workSecretText())],
  ])('of %s is refused, and settles nothing', async (_, arn, headers) => {
    const { dispatchWork, post, request, stepFunctions, row } = world();
    const { callbackId } = await dispatchWork(sampleQueueWork());
    for (const [verb, body] of Object.entries(verbs)) {
      const refused = expect(post(verb, callbackId, body, arn, headers)).rejects;
      await refused.toMatchObject({ code: 'Forbidden', message: expect.stringMatching(/workSecret/) as string });
    }
    const read = request('GET /callbacks/{callbackId}', callbackId, undefined, arn, headers);
    await expect(read).rejects.toMatchObject({ code: 'Forbidden' });
    expect(stepFunctions).toMatchObject({ taken: [], heartbeats: 0 });
    expect(row(callbackId)).toMatchObject({ state: 'Dispatched' });
  });

  it('that the release before dispatched needs no secret, until it is closed', async () => {
    const { dispatchWork, post } = world();
    const { callbackId } = await dispatchWork(sampleQueueWork(), 'first', 'before');
    expect((await post('success', callbackId, { output: 1 }, worker)).body).toEqual({ answer: 'applied' });
  });
});

describe('the handler', () => {
  it.each([
    ['another host', userArn('i-0ffffffffffffffff')],
    ['another role', userArn(INSTANCE_ID, 'admin')],
    ['another account', userArn(INSTANCE_ID, 'baton-host', '999999999999')],
    ['a user', `arn:aws:iam::111122223333:user/${INSTANCE_ID}`],
    ['a longer role', userArn(INSTANCE_ID, 'x-baton-host')],
  ])('is closed to %s', async (_, arn) => {
    const { post, callbackId } = await running();
    const body = { runId: RUN_ID, error: 'E' };
    await expect(post('failure', callbackId, body, arn)).rejects.toMatchObject({ code: 'Forbidden' });
  });

  it('does not tell an unknown callback from a foreign one', async () => {
    const { request, callbackId } = await running();
    const ask = (id: string, arn: string) =>
      request('GET /callbacks/{callbackId}', id, undefined, arn).catch((error: Error) => error.message);
    const foreign = await ask(callbackId, userArn('i-0ffffffffffffffff'));
    expect(foreign).toMatch(/no such callback/);
    expect(await ask(sampleRow('never').callbackId, userArn(INSTANCE_ID))).toBe(foreign);
  });

  it.each([
    ['a malformed callbackId', 'claim', 'not-an-id', {}, /callbackId: not a callbackId/],
    ['no body', 'claim', undefined, undefined, /expected object/],
    ['a body as text', 'failure', undefined, 'error=E', /must be JSON/],
    ['no runId', 'failure', undefined, { error: 'E' }, /runId/],
    ['no error name', 'failure', undefined, { runId: RUN_ID, error: '' }, /error/],
    ['no output', 'success', undefined, { runId: RUN_ID }, /output/],
    ['no such verb', 'finish', undefined, {}, /no route/],
  ])('refuses %s', async (_, verb, id, body, message) => {
    const { post, callbackId } = await running();
    await expect(post(verb, id ?? callbackId, body)).rejects.toThrow(message);
  });

  it('takes no name that every object has for a route', async () => {
    const { request, callbackId } = await running();
    await expect(request('__proto__', callbackId, {})).rejects.toThrow('no route');
  });

  it('shows the state of a callback, and neither token nor output', async () => {
    const { request, callbackId, success } = await running();
    const before = await request('GET /callbacks/{callbackId}', callbackId);
    expect(before).toMatchObject({ status: 200, body: { callbackId, state: 'Dispatched', kind: 'ssm', attempt: 0 } });
    await success(callbackId, 'the secret output');
    const after = JSON.stringify(await request('GET /callbacks/{callbackId}', callbackId));
    expect(after).toContain('Settled');
    expect(after).not.toMatch(/secret|AQCE/);
  });

  it('has the routes that the platform wires', () => {
    const wiring = new URL('../../../../terraform/modules/platform/wiring/routes.json', import.meta.url);
    const routes = JSON.parse(readFileSync(wiring, 'utf8')) as { route: string; function: string }[];
    expect(Object.keys(ROUTES).sort()).toEqual(
      routes
        .filter((route) => route.function === 'completer-http')
        .map(({ route }) => route)
        .sort(),
    );
  });

  it('logs no token (L3)', async () => {
    const { success, failure, callbackId, logged } = await running();
    await success(callbackId, 1);
    await failure(callbackId, 'E');
    expect(JSON.stringify(logged)).not.toContain(tokenText('first').slice(0, 30));
  });
});
