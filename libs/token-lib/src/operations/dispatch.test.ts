import { describe, expect, it } from 'vitest';
import { approvalStarter } from '../kinds/approval.ts';
import { askByTopic } from '../kinds/ask-approvers.ts';
import { lambdaStarter } from '../kinds/lambda.ts';
import { queueStarter } from '../kinds/queue.ts';
import { ssmStarter } from '../kinds/ssm.ts';
import { webhookStarter } from '../kinds/webhook.ts';
import { DISPATCH_LEASE } from '../lifecycle/policy.ts';
import { grantClaim } from '../lifecycle/run.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import type { Log } from '../ports.ts';
import {
  type Crash,
  crashingTable,
  fakeCommands,
  fakeMac,
  fakeReminders,
  fakeStarts,
  OTHER_RUN_ID,
  RUN_ID,
  sampleContext,
  sampleRow,
  sampleToken,
  sampleWork,
  START,
  tokenText,
} from '../testing/index.ts';
import { change } from './change.ts';
import { dispatch, type DispatchRequest } from './dispatch.ts';

function world(crash?: Crash) {
  const { table, crashAt } = crashingTable(crash);
  const commands = fakeCommands();
  const clock = { now: START };
  const logged: unknown[] = [];
  const log: Log = (...line) => logged.push(line);
  const starts = fakeStarts();
  const pause = async (duration: Millis) => void (clock.now += duration);
  const links = { linkKeys: { mac: fakeMac(), keyIds: ['alias/links'] }, endpoint: 'https://api.test', pause } as const;
  const starters = {
    ssm: ssmStarter({ commands: commands.sender, pause }),
    queue: queueStarter({ ...starts, pause }),
    approval: approvalStarter({ asking: askByTopic({ ...starts, ...links }) }),
    webhook: webhookStarter({ ...starts, ...links, allowsLoopback: false }),
    lambda: lambdaStarter({ ...starts, pause }),
  };
  const reminders = fakeReminders();
  const ports = {
    reminders,
    store: table.store,
    latestAttempts: table.latestAttempts,
    starters,
    clock: () => clock.now,
    log,
  };
  const send = (request: DispatchRequest) => dispatch(ports, request);
  return { table, commands, starts, clock, send, logged, crashAt, reminders };
}

const request = (name = 'first', retryCount = 0): DispatchRequest => ({
  token: sampleToken(name),
  context: sampleContext({ retryCount }),
  work: sampleWork(),
});
const idOf = (name: string) => sampleRow(name).callbackId;

describe('a dispatch', () => {
  it('stores the callback, sends its command, and records which', async () => {
    const { table, commands, send } = world();
    expect(await send(request())).toEqual({ callbackId: idOf('first'), state: 'Dispatched' });
    expect(commands.sent).toEqual([
      { callbackId: idOf('first'), instanceId: sampleWork().instanceId, timeoutSeconds: 3600, commandId: 'command-1' },
    ]);
    expect(table.rows.get(idOf('first'))).toMatchObject({
      state: 'Dispatched',
      receipt: 'command-1',
      createdAt: START,
      deadline: START + seconds(3600),
    });
  });

  it('twice at once with one token sends once', async () => {
    const { commands, send } = world();
    const answers = await Promise.all([send(request()), send(request())]);
    expect(commands.sent).toHaveLength(1);
    expect(answers.map((answer) => answer.state).sort()).toEqual(['Dispatched', 'Stored']);
  });

  it('again with the same token gives the same answer', async () => {
    const { commands, send } = world();
    const answer = await send(request());
    expect(await send(request())).toEqual(answer);
    expect(commands.sent).toHaveLength(1);
  });

  it.each([
    { write: 'insert', moment: 'before' },
    { write: 'insert', moment: 'after' },
    { write: 'become latest attempt', moment: 'before' },
    { write: 'become latest attempt', moment: 'after' },
    { write: 'replace Dispatched', moment: 'before' },
    { write: 'replace Dispatched', moment: 'after' },
  ] as const)(
    'that ended $moment $write is taken up by the next one past its lease, and one command is sent (L5)',
    async (crash) => {
      const { commands, clock, send, table } = world(crash);
      await expect(send(request())).rejects.toThrow('crashed');
      clock.now += DISPATCH_LEASE;
      expect(await send(request())).toEqual({ callbackId: idOf('first'), state: 'Dispatched' });
      expect(commands.sent).toHaveLength(1);
      expect(table.rows.get(idOf('first'))).toMatchObject({ receipt: 'command-1' });
    },
  );

  it('within the lease of one that ended leaves it alone', async () => {
    const { commands, clock, send } = world({ write: 'become latest attempt', moment: 'before' });
    await expect(send(request())).rejects.toThrow('crashed');
    clock.now += DISPATCH_LEASE - 1;
    expect(await send(request())).toMatchObject({ state: 'Stored' });
    expect(commands.sent).toHaveLength(0);
  });

  it('whose claim is faster than its second write keeps the claim', async () => {
    const { commands, table, send } = world();
    const { sender } = commands;
    const quick = sender.send.bind(sender);
    sender.send = async (command) => {
      const sent = await quick(command);
      const run = { runId: RUN_ID, bootId: 'boot', commandId: 'command-1' };
      await change(table.store, table.rows.get(command.callbackId)!, (row) => grantClaim(row, run, START));
      return sent;
    };
    expect(await send(request())).toMatchObject({ state: 'Dispatched' });
    expect(table.rows.get(idOf('first'))).toMatchObject({ receipt: 'command-1', run: { runId: RUN_ID } });
  });
});

describe('sending', () => {
  it('is not repeated where the answer was lost: the command is found by its Comment (L5)', async () => {
    const { commands, table, send } = world();
    commands.faults.push('answer lost');
    expect(await send(request())).toMatchObject({ state: 'Dispatched' });
    expect(commands.sent).toHaveLength(1);
    expect(table.rows.get(idOf('first'))).toMatchObject({ receipt: 'command-1' });
  });

  it('is repeated after throttling and after what never arrived', async () => {
    const { commands, send } = world();
    commands.faults.push(
      { answer: 'throttled', why: 'ThrottlingException' },
      { answer: 'unknown', why: 'TimeoutError' },
    );
    expect(await send(request())).toMatchObject({ state: 'Dispatched' });
    expect(commands.sent).toHaveLength(1);
  });

  it.each([
    [
      'a host that is not there',
      { answer: 'refused', code: 'HostNotAvailable', why: 'not running' },
      'Baton.HostNotAvailable',
    ],
    ['missing permission', { answer: 'refused', code: 'NotAuthorized', why: 'IAM' }, 'Baton.NotAuthorized'],
    [
      'a document that is not there',
      { answer: 'refused', code: 'InvalidRequest', why: 'no document' },
      'Baton.InvalidRequest',
    ],
  ] as const)('to %s closes the row first, then fails by name, now and when asked again', async (_, fault, name) => {
    const { commands, table, send } = world();
    commands.faults.push(fault);
    await expect(send(request())).rejects.toMatchObject({ name });
    const row = table.rows.get(idOf('first'))!;
    expect(row).toMatchObject({ state: 'Gone', reason: 'not-started', outcome: { error: name } });
    expect(row).not.toHaveProperty('token');
    await expect(send(request())).rejects.toMatchObject({
      name,
      message: expect.stringContaining('i-0123456789abcdef0') as string,
    });
    expect(commands.sent).toHaveLength(0);
  });

  it('is given up when SSM takes nothing', async () => {
    const { commands, table, send } = world();
    commands.faults.push(
      ...Array.from({ length: 3 }, () => ({ answer: 'throttled', why: 'ThrottlingException' }) as const),
    );
    await expect(send(request())).rejects.toMatchObject({ name: 'Baton.DispatchFailed' });
    expect(table.rows.get(idOf('first'))).toMatchObject({ state: 'Gone' });
  });
});

describe('a retry (L7)', () => {
  it('closes the attempt before, and is linked to it', async () => {
    const { table, send } = world();
    await send(request('first', 0));
    await send(request('second', 1));
    const older = table.rows.get(idOf('first'))!;
    expect(older).toMatchObject({ state: 'Gone', reason: 'superseded' });
    expect(older).not.toHaveProperty('token');
    expect(table.rows.get(idOf('second'))).toMatchObject({ state: 'Dispatched', supersedes: idOf('first') });
  });

  it('makes an attempt that comes late give up before it starts', async () => {
    const { commands, table, send } = world();
    await send(request('second', 1));
    await expect(send(request('first', 0))).rejects.toMatchObject({ name: 'Baton.Superseded' });
    expect(commands.sent.map((command) => command.callbackId)).toEqual([idOf('second')]);
    expect(table.rows.get(idOf('first'))).toMatchObject({ state: 'Gone', reason: 'superseded' });
  });

  it.each(['become latest attempt', 'replace Gone', 'replace Stored'])(
    'that ended after "%s" is still linked by the next one',
    async (write) => {
      const { table, clock, commands, send } = world({ write, moment: 'after' });
      if (write === 'become latest attempt') {
        await expect(send(request('first', 0))).rejects.toThrow('crashed');
        clock.now += DISPATCH_LEASE;
      }
      await send(request('first', 0));
      if (write !== 'become latest attempt') {
        await expect(send(request('second', 1))).rejects.toThrow('crashed');
        clock.now += DISPATCH_LEASE;
      }
      await send(request('second', 1));
      expect(table.rows.get(idOf('first'))).toMatchObject({ state: 'Gone' });
      expect(table.rows.get(idOf('second'))).toMatchObject({ state: 'Dispatched', supersedes: idOf('first') });
      expect(commands.sent).toHaveLength(2);
    },
  );

  it('closes every attempt before it, although one between ended as soon as it led', async () => {
    const { table, clock, send, crashAt } = world();
    await send(request('first', 0));
    crashAt('become latest attempt', 'after');
    await expect(send(request('second', 1))).rejects.toThrow('crashed');
    clock.now += seconds(1);
    await send(request('third', 2));
    expect(table.rows.get(idOf('first'))).toMatchObject({ state: 'Gone', reason: 'superseded' });
    expect(table.rows.get(idOf('second'))).toMatchObject({ state: 'Gone', supersedes: idOf('first') });
    expect(table.rows.get(idOf('third'))).toMatchObject({ state: 'Dispatched', supersedes: idOf('second') });
  });

  it('leaves other work alone', async () => {
    const { table, send } = world();
    await send(request('first', 0));
    await send({ ...request('second', 1), context: sampleContext({ retryCount: 1, mapIndex: 1 }) });
    expect(table.rows.get(idOf('first'))).toMatchObject({ state: 'Dispatched' });
  });

  it('refuses the claim of the older attempt', async () => {
    const { table, send } = world();
    await send(request('first', 0));
    await send(request('second', 1));
    const run = { runId: OTHER_RUN_ID, bootId: 'boot', commandId: 'command-1' };
    const claimed = await change(table.store, table.rows.get(idOf('first'))!, (row) => grantClaim(row, run, START));
    expect(claimed).toMatchObject({ answer: 'refused', reason: expect.stringContaining('newer attempt') as string });
  });
});

it('no token is logged or sent (L3)', async () => {
  const { commands, logged, send } = world();
  await send(request('first', 0));
  await send(request('second', 1));
  const left = JSON.stringify([commands.sent, logged]);
  for (const name of ['first', 'second']) expect(left).not.toContain(tokenText(name).slice(0, 30));
});
