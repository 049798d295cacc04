import { readFileSync } from 'node:fs';
import { type CallbackId, seconds, WORK_SECRET_HEADER } from '@baton/token-lib';
import {
  deepJson,
  INSTANCE_ID,
  OTHER_RUN_ID,
  RUN_ID,
  sampleQueueWork,
  sampleRow,
  throttled,
  tokenText,
  workSecretText,
} from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { userArn, world, type World } from '../../test/world.ts';
import { ROUTES } from './handle-http.ts';

async function running() {
  const here = world();
  const row = await here.dispatch();
  await here.claim(row.callbackId);
  return { ...here, ...row, disarm: here.disarm };
}

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

  it('whose answer Step Functions lost is told again, and found applied by the history (L1)', async () => {
    const { success, callbackId, stepFunctions, row, pauses } = await running();
    stepFunctions.faults.push('answer lost');
    expect(await success(callbackId, 1)).toMatchObject({ status: 200, body: { answer: 'applied' } });
    expect(pauses).toEqual([200]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
    expect(stepFunctions.taken).toHaveLength(1);
  });

  it('that is throttled is told again at once, each attempt counted before it is made (L1)', async () => {
    const { success, callbackId, stepFunctions, pauses, table } = await running();
    const before = table.rows.get(callbackId)!.version;
    stepFunctions.faults.push(throttled, throttled);
    expect(await success(callbackId, 1)).toMatchObject({ body: { answer: 'applied' } });
    expect(pauses).toEqual([200, 800]);
    expect(table.rows.get(callbackId)).toMatchObject({ state: 'Settled', version: before + 4 });
  });

  it('that is throttled until its task is over comes late, and no history is asked', async () => {
    const { success, callbackId, stepFunctions, token, row, logged } = await running();
    stepFunctions.faults.push(throttled);
    stepFunctions.close(token);
    expect(await success(callbackId, 1)).toMatchObject({ body: { answer: 'late' } });
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
    expect(JSON.stringify(logged)).not.toContain('unconfirmed');
  });

  it('that Step Functions does not take is kept alive, and told by a reminder (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, reminders, queue } = await running();
    const heartbeats = stepFunctions.heartbeats;
    stepFunctions.faults.push(...Array<typeof throttled>(4).fill(throttled));
    expect(await success(callbackId, 1)).toMatchObject({ status: 202, body: { answer: 'stored' } });
    expect(stepFunctions.heartbeats).toBe(heartbeats + 1);
    // The second is for the case that the function which takes the first one dies; both come before the heartbeat is over.
    expect(reminders.asked).toEqual([
      { callbackId, delay: seconds(40) },
      { callbackId, delay: seconds(20) },
    ]);
    clock.now += seconds(20);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
    expect(reminders.asked).toHaveLength(2);
  });

  it('is told by its reminder though the table fails meanwhile: the message would come again too late (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, queue, crashAt } = await running();
    stepFunctions.faults.push(...Array<typeof throttled>(4).fill(throttled));
    await success(callbackId, 1);
    clock.now += seconds(20);
    crashAt('replace Settling', 'before');
    expect(await queue([{ body: { type: 'tell', callbackId } }])).toEqual({ batchItemFailures: [] });
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
  });

  it('survives five minutes in which Step Functions takes heartbeats only, and needs no clock for it (L1)', async () => {
    const { success, callbackId, stepFunctions, clock, row, reminders, queue } = await running();
    const outage = clock.now + seconds(300);
    let beaten = clock.now;
    stepFunctions.refuses = ({ call }) => (call === 'completeTask' && clock.now < outage ? throttled : undefined);
    await success(callbackId, 1);
    while (row(callbackId)?.state === 'Settling') {
      const { delay } = reminders.asked.at(-1)!;
      clock.now += delay;
      const heartbeats = stepFunctions.heartbeats;
      await queue([{ body: { type: 'tell', callbackId } }]);
      if (stepFunctions.heartbeats === heartbeats) break;
      expect(clock.now - beaten).toBeLessThan(seconds(60));
      beaten = clock.now;
    }
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
    expect(clock.now - outage).toBeLessThanOrEqual(seconds(20));
  });

  it('is watched while somebody else tells it, who may fail without a word', async () => {
    const { success, callbackId, stepFunctions, clock, crashAt, reminders, queue, row } = await running();
    const heartbeats = stepFunctions.heartbeats;
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(stepFunctions.heartbeats).toBe(heartbeats + 1);
    expect(reminders.asked).toEqual([{ callbackId, delay: expect.any(Number) as number }]);
    clock.now += seconds(10);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it('that comes again while somebody else tells it is brought back by a reminder of its own: both may fail without a word', async () => {
    const { success, callbackId, clock, crashAt, reminders, queue, row } = await running();
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    expect(reminders.asked).toEqual([{ callbackId, delay: expect.any(Number) as number }]);
    clock.now += seconds(10);
    await queue([{ body: { type: 'tell', callbackId } }]);
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
  });

  it.each([
    ['a heartbeat', (here: World, id: CallbackId) => here.heartbeat(id)],
    ['the end of a stopped job', (here: World, id: CallbackId) => here.failure(id, 'Baton.Stopped')],
    ['the end of its host', (here: World) => here.hostEnded()],
  ])('of which nobody is heard any more is brought back by %s (L1)', async (_, happens) => {
    const here = await running();
    const { success, callbackId, clock, crashAt, reminders, queue, row } = here;
    crashAt('replace Settling', 'after');
    await expect(success(callbackId, 1)).rejects.toThrow('crashed');
    clock.now += seconds(20);
    await happens(here, callbackId);
    for (const { delay } of reminders.asked) {
      clock.now += delay;
      await queue([{ body: { type: 'tell', callbackId } }]);
    }
    expect(row(callbackId)).toMatchObject({ state: 'Settled', outcome: { output: '1' } });
  });

  it('that comes again while it is stored keeps the task alive, and so does a heartbeat, which says stop', async () => {
    const { success, heartbeat, callbackId, stepFunctions } = await running();
    const heartbeats = stepFunctions.heartbeats;
    stepFunctions.refuses = ({ call }) => (call === 'completeTask' ? throttled : undefined);
    await success(callbackId, 1);
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    expect((await heartbeat(callbackId)).body).toMatchObject({ answer: 'stop' });
    expect(stepFunctions.heartbeats).toBe(heartbeats + 3);
  });

  it('that timed out on its way is found late by the history', async () => {
    const { success, callbackId, token, stepFunctions, clock, tick, row } = await running();
    stepFunctions.faults.push('not delivered', 'not delivered', 'not delivered', 'not delivered');
    await success(callbackId, 1);
    stepFunctions.close(token);
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it.each(['replace Settling', 'replace Settled'])(
    'that ended the completer after "%s" is completed by the worker’s next try (L1)',
    async (write) => {
      const { success, callbackId, stepFunctions, clock, crashAt, row } = await running();
      crashAt(write, write === 'replace Settled' ? 'before' : 'after');
      await expect(success(callbackId, 1)).rejects.toThrow('crashed');
      // A heartbeat for a task that has taken its outcome is answered `gone`, and the history says why.
      const answer = write === 'replace Settled' ? 'applied' : 'stored';
      expect((await success(callbackId, 1)).body).toMatchObject({ answer });
      clock.now += seconds(10);
      expect((await success(callbackId, 1)).body).toMatchObject({
        answer: answer === 'stored' ? 'applied' : 'duplicate',
      });
      expect(row(callbackId)).toMatchObject({ state: 'Settled' });
      expect(stepFunctions.taken).toHaveLength(1);
    },
  );

  it('is told while permissions are missing, until they are there', async () => {
    const { success, callbackId, stepFunctions, clock, tick, row, logged } = await running();
    const denied = { answer: 'denied', error: 'AccessDeniedException' } as const;
    stepFunctions.refuses = () => denied;
    expect((await success(callbackId, 1)).body).toMatchObject({ answer: 'stored' });
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Settling', attempts: 2 });
    expect(JSON.stringify(logged)).toContain('"alarm"');
    stepFunctions.refuses = () => undefined;
    clock.now += seconds(60);
    await tick();
    expect(row(callbackId)).toMatchObject({ state: 'Settled' });
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
