import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';
import { placesOf, tokensIn } from './token-places.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual', approvers: [ann, bob] });
});
afterAll(() => platform.close());

const [ann, bob] = ['ann@example.com', 'bob@example.com'];
const work = {
  kind: 'approval',
  title: 'Deploy <shop> to production?',
  description: 'Version 7 & its "migration".',
  approvers: [
    { name: 'Ann', email: ann },
    { name: 'Bob', email: bob },
  ],
};

/** Starts a question, and waits for the links. */
async function asked(more: object = {}): Promise<{ execution: string; ann: string; bob: string }> {
  // SNS suspends a subscription that gets more than ten mails in a second.
  await platform.advance(1_000);
  const before = platform.aws.sns.outbox.length;
  const execution = await platform.start({ ...work, ...more });
  await platform.when(() => (platform.aws.sns.outbox.length >= before + 2 ? true : undefined));
  return { execution, ann: await platform.linkFor(ann), bob: await platform.linkFor(bob) };
}

const page = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
};
const decide = (url: string, decision: string, comment = '') =>
  page(url, { method: 'POST', body: new URLSearchParams({ decision, comment }) });

describe('a question to approvers', () => {
  test('is shown by GET, which decides nothing, nor does anything else that a scanner does', async () => {
    const { execution, ann } = await asked();
    const shown = await page(ann);
    expect(shown.status).toBe(200);
    expect(shown.text).toContain('<h1>Deploy &lt;shop&gt; to production?</h1>');
    expect(shown.text).toContain('Version 7 &amp; its &quot;migration&quot;.');
    expect(Object.fromEntries(shown.headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-.+form-action 'self'; frame-ancestors 'none'/,
      ) as string,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'GET'])
      await page(ann, { method, headers: { 'sec-purpose': 'prefetch' } });
    for (const query of ['?decision=approved', '?decision=denied']) await page(ann + query);
    expect(await platform.aws.call('states:DescribeExecution', { executionArn: execution })).toMatchObject({
      status: 'RUNNING',
    });
    expect((await page(ann)).text).toContain('<button');
  });

  test('is decided by POST; who, when and why are the result; a second visit says so', async () => {
    const { execution, ann, bob } = await asked();
    expect((await decide(ann, 'approved', 'Looks <good>\r\nto me')).status).toBe(200);
    expect(await platform.ended(execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        decision: 'approved',
        decidedAt: expect.stringMatching(/Z$/) as string,
        votes: [
          { approver: 'Ann', decision: 'approved', comment: 'Looks <good>\nto me', at: expect.any(String) as string },
        ],
      },
    });
    const again = await page(bob);
    expect(again.status).toBe(200);
    expect(again.text).toMatch(/Already approved by Ann, on <time datetime="[^"]+">[^<]+UTC<\/time>/);
    expect(again.text).toContain('Looks &lt;good&gt;');
    expect(again.text).not.toContain('<button');
    expect((await decide(bob, 'denied')).status).toBe(409);
  });

  test('waits for as many as are needed', async () => {
    const { execution, ann, bob } = await asked({ needed: 2 });
    expect((await decide(ann, 'approved')).text).toContain('You approved this');
    expect((await decide(ann, 'denied')).status).toBe(409);
    await decide(bob, 'approved');
    expect(await platform.ended(execution)).toMatchObject({
      output: { decision: 'approved', votes: [{ approver: 'Ann' }, { approver: 'Bob' }] },
    });
  });

  test('ends with a veto, as a result or as a failure', async () => {
    const first = await asked({ needed: 2 });
    await decide(first.bob, 'denied', 'not on a Friday');
    expect(await platform.ended(first.execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { decision: 'denied' },
    });
    const second = await asked({ deny: 'failure' });
    await decide(second.bob, 'denied', 'not on a Friday');
    const ended = await platform.ended(second.execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.Denied' });
    expect(JSON.parse(ended.cause ?? '')).toMatchObject({ votes: [{ approver: 'Bob', comment: 'not on a Friday' }] });
  });

  test('that nobody decides expires with its state', async () => {
    const { execution, ann } = await asked();
    await platform.advance(3_600_000);
    expect(await platform.ended(execution)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    const late = await decide(ann, 'approved');
    expect(late.status).toBe(410);
    expect(late.text).toContain('The time to decide ended');
  });

  test.each([
    ['no body', undefined, undefined, 415],
    ['JSON', '{"decision":"approved"}', 'application/json', 415],
    ['an empty form', '', 'application/x-www-form-urlencoded', 400],
    ['a form with a file', '--x--', 'multipart/form-data; boundary=x', 415],
    ['no decision', 'comment=x', 'application/x-www-form-urlencoded', 400],
    ['two decisions', 'decision=approved&decision=denied', 'application/x-www-form-urlencoded', 400],
    ['a decision twice', 'decision=approved&decision=approved', 'application/x-www-form-urlencoded', 400],
    ['another word', 'decision=maybe', 'application/x-www-form-urlencoded', 400],
    ['an endless comment', `decision=approved&comment=${'x'.repeat(1_001)}`, 'application/x-www-form-urlencoded', 400],
  ])('takes no decision from %s, and shows the form again', async (_, body, type, status) => {
    const { execution, ann } = await asked();
    const answer = await page(ann, {
      method: 'POST',
      body: body ?? null,
      headers: type === undefined ? {} : { 'content-type': type },
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain('role="alert"');
    expect(await platform.aws.call('states:DescribeExecution', { executionArn: execution })).toMatchObject({
      status: 'RUNNING',
    });
  });

  test.each([
    ['is asked of nobody', { approvers: [] }, /approvers/],
    ['names an approver twice', { approvers: [{ name: 'Ann' }, { name: 'ann' }] }, /twice/],
    ['needs more approvals than there are approvers', { needed: 3 }, /could never be decided/],
  ])('that %s is refused by name', async (_, more, cause) => {
    const ended = await platform.ended(await platform.start({ ...work, ...more }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.InvalidRequest' });
    expect(ended.cause).toMatch(cause);
  });

  test('opens by its own link alone', async () => {
    const { ann } = await asked();
    const changed = ann.replace(/approval\.(.{6})\.(.{26})\.0\./, 'approval.$1.$2.1.');
    expect(changed).not.toBe(ann);
    expect(await page(changed)).toMatchObject({ status: 403 });
    expect((await page(`${ann}x`)).status).toBe(403);
    expect((await decide(ann.slice(0, -1), 'approved')).status).toBe(403);
  });

  test.each([
    ['who is not subscribed', { name: 'Cid', email: 'cid@example.com' }, /Cid: no confirmed subscription/],
    ['at another address than the subscribed one', { name: 'Ann', email: 'a@example.com' }, /Ann: no confirmed/],
    ['without an address, where subscriptions want one', { name: 'Ann' }, /Ann: no confirmed subscription/],
  ])('is not asked of an approver %s, nor of the others', async (_, approver, why) => {
    const before = platform.aws.sns.outbox.length;
    const execution = await platform.start({ ...work, approvers: [...work.approvers.slice(1), approver] });
    const ended = await platform.ended(execution);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.ApproverUnreachable' });
    expect(ended.cause).toMatch(why);
    expect(platform.aws.sns.outbox).toHaveLength(before);
  });

  test('fails where a subscription is pending, and is asked as soon as it is confirmed', async () => {
    const TopicArn = platform.deployment.noticeTopicArn;
    const eve = { name: 'Eve', email: 'eve@example.com' };
    await platform.aws.call('sns:Subscribe', { TopicArn, Protocol: 'email', Endpoint: eve.email });
    const ended = await platform.ended(await platform.start({ ...work, approvers: [eve] }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.ApproverUnreachable' });
    expect(ended.cause).toMatch(/eve@example\.com .* is not confirmed/);
    const { confirmUrl = '' } = platform.aws.sns.outbox.findLast(({ to }) => to === eve.email) ?? {};
    await fetch(confirmUrl);
    await platform.start({ ...work, approvers: [eve] });
    expect(await platform.linkFor(eve.email)).toContain('/approvals/');
  });

  test('leaves no link in any log', async () => {
    const { ann } = await asked();
    await decide(ann, 'approved');
    const signature = ann.slice(-43);
    for (const name of ['dispatcher', 'completer-approvals']) expect(platform.logs(name)).not.toContain(signature);
    expect(platform.logs('completer-approvals')).toContain('"vote');
  });

  test('leaves no task token behind: in no link, mail, log, event, file or row (L3)', async () => {
    const tokens = tokensIn(platform.calls);
    expect(tokens.length).toBeGreaterThan(0);
    expect(await placesOf(tokens, platform.aws, platform)).toEqual([]);
  });
});
