import { readmePicture, startExample, type Example } from '@baton/local-platform/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = import.meta.dirname;
const input: unknown = JSON.parse(readFileSync(join(folder, 'input.json'), 'utf8'));

test('the README shows the state machine as it is', () => {
  const { stands, drawn } = readmePicture(folder);
  expect(stands).toBe(drawn);
});

const timeout = 600;
let example: Example;
beforeAll(async () => {
  // Shorter than a working day, for time passes minute by minute here.
  const variables = { timeout_seconds: timeout, escalation_timeout_seconds: timeout };
  example = await startExample(folder, { clock: 'manual', variables });
});
afterAll(() => example.close());

/** The link in somebody's last mail. */
async function linkOf(name: string): Promise<string> {
  await example.aws.activity.idle();
  const mail = example.aws.sns.outbox.findLast(({ to }) => to === `${name}@example.com`);
  return /https?:\/\/\S+\/approvals\/\S+/.exec(mail?.text ?? '')![0];
}

const look = async (link: string) => {
  const response = await fetch(link);
  return { status: response.status, page: await response.text() };
};

const decide = async (link: string, decision: 'approved' | 'denied', comment = '') => {
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ decision, comment }) });
  return { status: response.status, page: await response.text() };
};

const feedbackOf = async (execution: string): Promise<unknown> => {
  const Key = { requestId: { S: execution } };
  const { Item } = await example.aws.call('dynamodb:GetItem', { TableName: 'approval-feedback', Key });
  return JSON.parse((Item as { outcome: { S: string } }).outcome.S);
};

test('two of three approve: the decision, who and when are the output and what is kept', async () => {
  const execution = await example.start('approved', input);
  expect(await decide(await linkOf('ann'), 'approved', 'After lunch, please.')).toMatchObject({ status: 200 });
  expect(await decide(await linkOf('cleo'), 'approved')).toMatchObject({ status: 200 });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown;
  const outcome = {
    decision: 'approved',
    decidedAt: time,
    votes: [
      { approver: 'Ann', decision: 'approved', at: time, comment: 'After lunch, please.' },
      { approver: 'Cleo', decision: 'approved', at: time },
    ],
  };
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: outcome });
  expect(await feedbackOf('approved')).toEqual(outcome);
  const history = await execution.history();
  expect(history).toEqual(example.expected('approved', history));
});

test('looking at a page, however often, decides nothing; who comes late reads who has decided', async () => {
  const execution = await example.start('denied', input);
  const [ann, ben] = [await linkOf('ann'), await linkOf('ben')];
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(ann, { method })).status).toBeLessThan(405);
  expect((await look(ann)).page).toContain('Approve</button>');
  await decide(ben, 'denied', 'Not on a Friday.');
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { decision: 'denied' } });
  expect((await look(ann)).page).toContain('Already denied by Ben');
  expect((await decide(ann, 'approved')).status).toBe(409);
  const history = await execution.history();
  expect(history).toEqual(example.expected('denied', history));
});

test('nobody decides in time: the question goes to somebody else, and the old links have expired', async () => {
  const execution = await example.start('escalated', input);
  const ann = await linkOf('ann');
  await example.advance((timeout + 5) * 1000);
  await decide(await linkOf('dora'), 'approved');
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: { votes: [{ approver: 'Dora' }] } });
  expect((await decide(ann, 'denied')).status).toBe(410);
  const history = await execution.history();
  expect(history).toEqual(example.expected('escalated', history));
});

test('a denial of the escalation fails the execution by its name', async () => {
  const execution = await example.start('escalated-denied', input);
  await example.advance((timeout + 5) * 1000);
  await decide(await linkOf('dora'), 'denied', 'Then wait.');
  const ended = await execution.ended();
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.Denied' });
  expect(ended.cause).toContain('Then wait.');
  const history = await execution.history();
  expect(history).toEqual(example.expected('escalated-denied', history));
});

test('when nobody decides at all, the execution says so by a name', async () => {
  const execution = await example.start('nobody', input);
  await example.advance(2 * (timeout + 5) * 1000);
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'NobodyDecided' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('nobody', history));
});
