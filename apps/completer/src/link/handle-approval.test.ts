import { createHash } from 'node:crypto';
import { change, type Link, seconds, signLink, taskClosed } from '@baton/token-lib';
import { sampleApprovalWork, sampleWork, START } from '@baton/token-lib/testing';
import { describe, expect, it } from 'vitest';
import { world } from '../../test/world.ts';
import { markup, Markup } from './markup.ts';
import { toPageResponse } from './page.ts';

async function asked(over: Parameters<typeof sampleApprovalWork>[0] = {}) {
  const here = world();
  const row = await here.dispatchWork(sampleApprovalWork(over));
  const { callbackId, deadline: expiresAt } = row;
  const link = (approver: number, more: Partial<Link> = {}) =>
    signLink(here.linkKeys, { purpose: 'approval', callbackId, approver, expiresAt, ...more });
  const shown = async (approver: number) => {
    const page = await here.approvals(await link(approver));
    return { status: page.status, text: page.content.text };
  };
  const decide = async (approver: number, decision: string, comment = '') => {
    const page = await here.approvals(
      await link(approver),
      'POST',
      new URLSearchParams({ decision, comment }).toString(),
    );
    return { status: page.status, text: page.content.text };
  };
  return { ...here, ...row, link, shown, decide, disarm: here.disarm, row: here.row };
}

describe('a page', () => {
  it('says until when, in words and to the minute', async () => {
    const { shown, clock } = await asked();
    expect((await shown(0)).text).toContain('Ann, you have 60 minutes to decide: until');
    expect((await shown(0)).text).toMatch(
      /<time datetime="2026-03-01T13:00:00.000Z">Sunday,? 1 March 2026 at 13:00 UTC/,
    );
    clock.now += seconds(3_590);
    expect((await shown(0)).text).toContain('less than a minute');
  });

  it('says that it is over, and takes nothing any more', async () => {
    const { shown, decide, clock, stepFunctions } = await asked();
    clock.now += seconds(3_600);
    expect(await shown(0)).toMatchObject({
      status: 410,
      text: expect.stringContaining('The time to decide ended') as string,
    });
    expect((await decide(0, 'approved')).status).toBe(410);
    expect(stepFunctions.taken).toEqual([]);
  });

  it('says that nobody waits any more, where the workflow has ended', async () => {
    const { shown, decide, table, callbackId } = await asked();
    await change(table.store, table.rows.get(callbackId)!, (row) => taskClosed(row, 'execution-ended', START));
    expect(await shown(0)).toMatchObject({
      status: 410,
      text: expect.stringContaining('no longer waited for') as string,
    });
    expect((await decide(0, 'approved')).status).toBe(410);
  });

  it('does not thank for a decision that came too late for Step Functions', async () => {
    const { decide, stepFunctions, token, row, callbackId } = await asked();
    stepFunctions.close(token);
    const answer = await decide(0, 'approved');
    expect(answer.status).toBe(410);
    expect(answer.text).toContain('no longer waited for');
    expect(row(callbackId)).toMatchObject({ state: 'Gone', reason: 'task-closed' });
  });

  it('thanks who has decided, and tells everybody after that', async () => {
    const { shown, decide } = await asked({ needed: 2 });
    expect((await decide(0, 'approved')).text).toMatch(/Thank you. You approved this .*Others have yet to\s+decide/s);
    expect((await shown(0)).text).not.toContain('Thank you');
    expect((await shown(1)).text).toContain('Ann approved');
    expect((await decide(1, 'approved')).text).toMatch(/Thank you. This is approved by Bob/);
    expect((await shown(2)).text).toMatch(/Already approved by Bob/);
  });

  it('is not shown for a link that was signed for other work, or for nobody', async () => {
    const { link, approvals, dispatchWork } = await asked();
    const { callbackId } = await dispatchWork(sampleWork(), 'host');
    for (const wrong of [{ callbackId }, { approver: 9 }, { approver: undefined }, { callbackId: '0'.repeat(26) }]) {
      expect((await approvals(await link(0, wrong))).status).toBe(410);
      expect((await approvals(await link(0, wrong), 'POST', 'decision=approved')).status).toBe(410);
    }
  });

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT'])(
    'that is asked for by %s decides nothing, whatever else is sent',
    async (method) => {
      const { approvals, link, stepFunctions } = await asked();
      await approvals(await link(0), method, 'decision=approved');
      expect(stepFunctions.taken).toEqual([]);
    },
  );

  it('keeps a crash from losing a decision: the reconciler tells it (L1)', async () => {
    const { decide, crashAt, tick, clock, stepFunctions, table } = await asked();
    crashAt('replace Settling', 'after');
    await expect(decide(0, 'approved')).rejects.toThrow('crashed');
    expect(stepFunctions.taken).toEqual([]);
    clock.now += seconds(60);
    await tick();
    expect(stepFunctions.taken).toHaveLength(1);
    expect([...table.rows.values()]).toMatchObject([{ state: 'Settled' }]);
  });
});

describe('what is put into a page', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`"'&`, '&quot;&#39;&amp;'],
    ['a\0b\u0008c\ud800', 'abc\ufffd'],
  ])('%j is text', (text, escaped) => {
    expect(markup`${text}`.text).toBe(escaped);
  });

  it('is HTML only where `markup` made it', () => {
    expect(markup`<p>${[markup`<b>${1}</b>`, '<i>']}${undefined}</p>`.text).toBe('<p><b>1</b>&lt;i&gt;</p>');
  });

  it('comes with the hash of its one style, and no script', () => {
    const { headers, body } = toPageResponse({ status: 200, title: '<t>', content: new Markup('') });
    expect(body).toContain('<title>&lt;t&gt;</title>');
    expect(body).toContain('<html lang="en">');
    const style = /<style>([^]*)<\/style>/.exec(body)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
    expect(headers['content-security-policy']).not.toContain('script');
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });
});
