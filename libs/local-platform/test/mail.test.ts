/** Approvers who are asked by mail: what they get, and what becomes of a question that does not reach them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../src/testing/index.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ clock: 'manual', mail: { from: 'Baton <baton@example.com>', perSecond: 14 } });
});
afterAll(() => platform.close());

const ann = { name: 'Ann', email: 'ann@example.com' };
const bouncing = { name: 'Bob', email: 'bounce@simulator.amazonses.com' };
const work = {
  kind: 'approval',
  title: 'Deploy <shop>\u2028to production?',
  description: 'See https://evil.test/approvals/x',
};

const mailTo = (email: string) =>
  platform.when(() => platform.aws.ses.outbox.findLast(({ to, from }) => to.includes(email) && from.includes('Baton')));
const linkIn = (text = ''): string => /https?:\/\/[^\s"<]+/.exec(text)?.[0] ?? '';

describe('a question by mail', () => {
  test('has a plain and an HTML part with the same link, before what the workflow has written', async () => {
    const execution = await platform.start({ ...work, approvers: [ann] });
    const { subject, text, html = '' } = await mailTo(ann.email);
    expect(subject).toBe('Decision needed: Deploy <shop> to production?');
    expect(linkIn(text)).toMatch(/\/approvals\/approval\./);
    expect(/href="([^"]+)"/.exec(html)?.[1]).toBe(linkIn(text));
    expect(html).toContain('Deploy &lt;shop&gt;');
    expect(html.indexOf('evil.test')).toBeGreaterThan(html.indexOf('</a>'));
    expect(html.match(/<a /g)).toHaveLength(1);
    await fetch(linkIn(text), { method: 'POST', body: new URLSearchParams({ decision: 'approved' }) });
    expect(await platform.ended(execution)).toMatchObject({ output: { decision: 'approved' } });
  });

  test('whose mail bounces fails its task by name, where nobody else can decide', async () => {
    const ended = await platform.ended(await platform.start({ ...work, approvers: [bouncing] }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.ApproverUnreachable' });
    expect(ended.cause).toBe('Bob: the mail bounced');
  });

  test.each([
    ['complaint', 'Bob: the mail was reported as spam'],
    ['suppressionlist', 'Bob: the mail bounced'],
  ])('to %s@simulator ends the same', async (box, cause) => {
    const bob = { name: 'Bob', email: `${box}@simulator.amazonses.com` };
    expect(await platform.ended(await platform.start({ ...work, approvers: [bob] }))).toMatchObject({ cause });
  });

  test('goes on with those whom it has reached', async () => {
    const execution = await platform.start({ ...work, approvers: [bouncing, { ...ann, email: 'ann2@example.com' }] });
    const { text } = await mailTo('ann2@example.com');
    await platform.advance(1_000);
    expect(platform.logs('completer-events')).toContain('recorded');
    await fetch(linkIn(text), { method: 'POST', body: new URLSearchParams({ decision: 'approved' }) });
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('is not ended by an answer that somebody is out of office', async () => {
    const away = { name: 'Ann', email: 'ooto@simulator.amazonses.com' };
    const execution = await platform.start({ ...work, approvers: [away] });
    const { text } = await mailTo(away.email);
    await platform.advance(1_000);
    expect(platform.logs('completer-events')).toContain('bounced for now');
    await fetch(linkIn(text), { method: 'POST', body: new URLSearchParams({ decision: 'denied' }) });
    expect(await platform.ended(execution)).toMatchObject({ output: { decision: 'denied' } });
  });

  test('to an approver without an address is refused at once', async () => {
    const ended = await platform.ended(await platform.start({ ...work, approvers: [{ name: 'Cid' }] }));
    expect(ended).toMatchObject({ error: 'Baton.ApproverUnreachable' });
  });

  test('lays no link into a queue and none into a log', async () => {
    const { text } = await mailTo(ann.email);
    const signature = linkIn(text).slice(-43);
    for (const name of ['dispatcher', 'completer-mail']) expect(platform.logs(name)).not.toContain(signature);
    const sent = platform.calls.filter(({ action }) => action.startsWith('SendMessage'));
    expect(sent.length).toBeGreaterThan(0);
    expect(JSON.stringify(sent)).not.toContain('/approvals/');
  });
});
