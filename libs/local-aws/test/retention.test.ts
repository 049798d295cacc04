/** What is over is bounded by number, because it lies in memory. Closed executions and expired items have tests of their own. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalAws, type LocalAws } from '../src/local-aws.ts';
import type { ManualClock } from '../src/kernel/clock/manual-clock.ts';

const RETAIN = 3;
const DAY = 24 * 3_600_000;
const HOST = 'i-0123456789abcdef0';

let aws: LocalAws<ManualClock>;
beforeEach(() => {
  aws = createLocalAws({ clock: 'manual', retain: RETAIN });
});
afterEach(() => aws.close());

async function send(command: string): Promise<string> {
  const Parameters = { commands: [command] };
  const sent = await aws.call('ssm:SendCommand', {
    DocumentName: 'AWS-RunShellScript',
    InstanceIds: [HOST],
    Parameters,
  });
  return (sent['Command'] as { CommandId: string }).CommandId;
}

const statusOf = async (CommandId: string): Promise<unknown> =>
  (await aws.call('ssm:GetCommandInvocation', { CommandId, InstanceId: HOST }))['Status'];

async function sendAndWait(): Promise<string> {
  const id = await send('true');
  await expect.poll(() => statusOf(id), { timeout: 10_000 }).toBe('Success');
  return id;
}

async function listed(): Promise<unknown[]> {
  const { Commands } = await aws.call('ssm:ListCommands', {});
  return (Commands as { CommandId: string }[]).map(({ CommandId }) => CommandId).toSorted();
}

test('of the commands that have ended the latest are remembered, and one that runs is, however many come after it', async () => {
  await aws.hosts.launch({ instanceId: HOST, roleName: 'baton-host' });
  const running = await send('sleep 1000');
  const ended: string[] = [];
  for (let count = 0; count < 2 * RETAIN; count += 1) ended.push(await sendAndWait());
  expect(await listed()).toEqual([running, ...ended.slice(-RETAIN + 1)].toSorted());
  await expect(statusOf(ended[0] ?? '')).rejects.toMatchObject({ code: 'InvocationDoesNotExist' });
  expect(await statusOf(running)).toBe('InProgress');
});

test('a command that has ended is remembered for 30 days', async () => {
  await aws.hosts.launch({ instanceId: HOST, roleName: 'baton-host' });
  const old = await sendAndWait();
  await aws.clock.advance(30 * DAY - 1);
  const young = await sendAndWait();
  expect(await listed()).toEqual([old, young].toSorted());
  await aws.clock.advance(2);
  const last = await sendAndWait();
  expect(await listed()).toEqual([young, last].toSorted());
});

test('the latest mails are kept', async () => {
  const { TopicArn } = await aws.call('sns:CreateTopic', { Name: 'news' });
  await aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'a@example.com' });
  const confirm = new URL(String(aws.sns.outbox[0]?.confirmUrl)).searchParams;
  await aws.call('sns:ConfirmSubscription', { TopicArn, Token: confirm.get('Token') });
  for (let count = 0; count < 10 * RETAIN; count += 1) {
    await aws.call('sns:Publish', { TopicArn, Message: `message ${count}` });
    await aws.clock.advance(1_000);
    expect(aws.sns.outbox.length).toBeLessThanOrEqual(RETAIN);
    expect(aws.sns.outbox.at(-1)?.text).toContain(`message ${count}`);
  }
});

test('of the lines of a log group the latest 10,000 are kept', () => {
  const group = '/aws/lambda/chatty';
  for (let count = 0; count < 30_001; count += 1) {
    aws.logs.append(group, { stream: 'one', timestamp: count, message: `line ${count}` });
    expect(aws.logs.lines(group).length).toBeLessThanOrEqual(10_000);
  }
  expect(aws.logs.lines(group).at(-1)?.message).toBe('line 30000');
  expect(aws.logs.lines(group).length).toBeGreaterThanOrEqual(5_000);
});
