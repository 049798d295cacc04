import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Mac, verifyLink } from '../wire/link.ts';
import type { StartAnswer } from '../ports.ts';
import {
  fakeMac,
  fakeStarts,
  sampleApprovalWork,
  sampleQueueWork,
  sampleRow,
  tokenText,
  workSecretText,
} from '../testing/index.ts';
import { approvalStarter } from './approval.ts';
import { askByMail, askByTopic } from './ask-approvers.ts';
import { lambdaStarter } from './lambda.ts';
import { queueStarter } from './queue.ts';
import { webhookStarter } from './webhook.ts';
import { startableOf } from '../lifecycle/dispatch.ts';
import { startWork, type Work } from './work.ts';

const linkKeys = { mac: fakeMac(), keyIds: ['alias/links'] } as const;
const endpoint = 'https://api.test';

function world({ allowsLoopback = false, mac = linkKeys.mac } = {}) {
  const starts = fakeStarts();
  const pauses: number[] = [];
  const pause = async (duration: number) => void pauses.push(duration);
  const links = { linkKeys: { ...linkKeys, mac }, endpoint, pause };
  const starters = {
    ssm: () => Promise.reject(new Error('not here')),
    queue: queueStarter({ ...starts, pause }),
    lambda: lambdaStarter({ ...starts, pause }),
    approval: approvalStarter({ asking: askByTopic({ ...starts, ...links }) }),
    webhook: webhookStarter({ ...starts, ...links, allowsLoopback }),
  };
  const start = (work: Work) => startWork(starters, startableOf(sampleRow('first', {}, 0, work)), work, false);
  return { ...starts, starts: { ...starts, ...links }, pauses, starters, start };
}
const { callbackId, deadline } = sampleRow();
const lambda = { kind: 'lambda', functionName: 'resize', payload: { width: 3 }, timeoutSeconds: 3600 } as const;
const webhook = {
  kind: 'webhook',
  url: 'https://partner.test/orders',
  payload: { order: 7 },
  timeoutSeconds: 3600,
} as const;
const busy: StartAnswer = { answer: 'again', why: 'ThrottlingException' };
const missing: StartAnswer = { answer: 'refused', code: 'TargetNotFound', why: 'there is no queue jobs' };

describe('work on a queue', () => {
  it('is a message of callbackId, secret and work, with the callbackId as attribute', async () => {
    const { start, messages } = world();
    expect(await start(sampleQueueWork({ heartbeatSeconds: 30 }))).toEqual({ answer: 'started', receipt: 'message-1' });
    expect(messages).toEqual([
      {
        queueUrl: sampleQueueWork().queueUrl,
        body: JSON.stringify({ callbackId, workSecret: workSecretText(), work: { number: 4 }, heartbeatSeconds: 30 }),
        attributes: { callbackId },
        fifo: undefined,
      },
    ]);
  });

  it('of a row that an earlier release has stored carries no secret: its reports need none', async () => {
    const { starters, messages } = world();
    const { workSecretHash: _, ...row } = sampleRow('first', {}, 0, sampleQueueWork());
    await startWork(starters, startableOf(row), sampleQueueWork(), true);
    expect(JSON.parse(messages[0]?.body ?? '')).toEqual({ callbackId, work: { number: 4 } });
  });

  it('of a FIFO queue is known by its callbackId, so that a repeated dispatch is one message', async () => {
    const { start, messages } = world();
    await start(sampleQueueWork({ queueUrl: `${sampleQueueWork().queueUrl}.fifo`, groupId: 'orders' }));
    expect(messages[0]?.fifo).toEqual({ groupId: 'orders', deduplicationId: callbackId });
  });
});

describe('what is handed over', () => {
  it.each<[string, Work]>([
    ['a message', sampleQueueWork()],
    ['an invocation', lambda],
    ['a notice', sampleApprovalWork()],
  ])('%s is tried three times, and given up', async (_, work) => {
    const { start, faults, pauses } = world();
    faults.push(busy, busy, busy);
    expect(await start(work)).toMatchObject({
      answer: 'failed',
      code: 'DispatchFailed',
      why: expect.stringMatching(/ThrottlingException/) as string,
    });
    expect(pauses).toEqual([300, 1_000]);
    faults.push(busy, busy);
    expect(await start(work)).toMatchObject({ answer: 'started' });
    faults.push(missing);
    expect(await start(work)).toEqual({ answer: 'failed', code: 'TargetNotFound', why: missing.why });
  });

  it('holds no token (L3)', async () => {
    const { start, messages, invocations, noticed, posted } = world();
    for (const work of [sampleQueueWork(), lambda, sampleApprovalWork(), webhook]) await start(work);
    const all = JSON.stringify([messages, invocations, noticed, posted]);
    expect(all).toContain(callbackId);
    expect(all).not.toContain(tokenText('first').slice(0, 30));
  });
});

describe('a question', () => {
  it('goes to each approver with a link of their own, which expires with it', async () => {
    const { start, noticed } = world();
    expect(await start(sampleApprovalWork({ description: 'Version 7' }))).toEqual({
      answer: 'started',
      receipt: 'notice-1 notice-2 notice-3',
    });
    expect(noticed.map(({ attributes }) => attributes)).toEqual([
      { approver: 'Ann', email: 'ann@example.com' },
      { approver: 'Bob' },
      { approver: 'Cid' },
    ]);
    for (const [approver, { text, subject }] of noticed.entries()) {
      expect(subject).toBe('Decision needed: Deploy to production');
      expect(text).toContain('Version 7');
      const [link = ''] = /approval\.\S+/.exec(text) ?? [];
      const expiresAt = Math.floor(deadline / 1000) * 1000;
      expect(await verifyLink(linkKeys, 'approval', link)).toEqual({
        purpose: 'approval',
        callbackId,
        approver,
        expiresAt,
      });
    }
  });

  it('begins with its own link, and marks every line that the workflow has written', async () => {
    const words = fc.array(
      fc.constantFrom('https://evil.test/approvals/x', ' ', '\n', '\r\n', '\u2028', '\v', '\u0085', '> ', 'Ann'),
      { minLength: 1, maxLength: 5 },
    );
    const text = words.map((parts) => `Ω${parts.join('')}Ω`);
    await fc.assert(
      fc.asyncProperty(text, text, text, async (title, description, name) => {
        const { start, noticed } = world();
        await start(sampleApprovalWork({ title, description, approvers: [{ name }] }));
        const said = noticed[0]?.text ?? '';
        expect(/https?:\S+/.exec(said)?.[0]).toMatch(/^https:\/\/api\.test\/approvals\/approval\./);
        const own = said.split(/[\n\r\v\f\u0085\u2028\u2029]/).filter((line) => !line.startsWith('> '));
        expect(own.join('\n')).not.toMatch(/evil|Ω/);
      }),
    );
  });

  describe('by mail', () => {
    const asked = (work: Work) => {
      const { starts, starters } = world();
      const approval = approvalStarter({ asking: askByMail({ ...starts, queueUrl: 'mail' }) });
      return {
        ...starts,
        started: startWork({ ...starters, approval }, startableOf(sampleRow('first', {}, 0, work)), work, false),
      };
    };
    const approvers = [
      { name: 'Ann', email: 'ann@example.com' },
      { name: 'Bob', email: 'bob@example.com' },
    ];

    it('is a message for each approver, without a link', async () => {
      const { started, messages } = asked(sampleApprovalWork({ approvers }));
      expect(await started).toEqual({ answer: 'started', receipt: 'message-1 message-2' });
      expect(messages.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
        { callbackId, approver: 0 },
        { callbackId, approver: 1 },
      ]);
    });

    it('is sent to nobody while one of its approvers has no address', async () => {
      const { started, messages } = asked(sampleApprovalWork());
      expect(await started).toMatchObject({
        code: 'ApproverUnreachable',
        why: 'Bob: has no e-mail address to send the question to',
      });
      expect(messages).toEqual([]);
    });
  });

  it('is sent to nobody while one of its approvers would not hear of it', async () => {
    const { start, unread, noticed } = world();
    unread.set('Bob', 'nobody is subscribed');
    expect(await start(sampleApprovalWork())).toEqual({
      answer: 'failed',
      code: 'ApproverUnreachable',
      why: 'Bob: nobody is subscribed',
    });
    expect(noticed).toEqual([]);
  });

  it.each([
    ['Straße & Bücher\nBcc: all@x', 'Decision needed: Strae & BucherBcc: all@x'],
    ['部署', 'Decision needed:'],
    ['x'.repeat(200), `Decision needed: ${'x'.repeat(83)}`],
  ])('titled %j has a subject that SNS takes', async (title, subject) => {
    const { start, noticed } = world();
    await start(sampleApprovalWork({ title }));
    expect(noticed[0]?.subject).toBe(subject);
  });

  it.each([
    ['a question', sampleApprovalWork()],
    ['a request to a partner', webhook],
  ] as const)('%s survives two throttled calls to KMS', async (_, work) => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    let calls = 0;
    const sign: Mac['sign'] = async (...link) => {
      calls += 1;
      if (calls <= 2) throw throttled;
      return linkKeys.mac.sign(...link);
    };
    const { start, pauses } = world({ mac: { ...linkKeys.mac, sign } });
    expect(await start(work)).toMatchObject({ answer: 'started' });
    expect(pauses).toEqual([300, 1_000]);
  });

  it('reaches nobody as long as one of its links cannot be signed, so that a new attempt asks each approver once', async () => {
    let calls = 0;
    const sign: Mac['sign'] = async (...link) => {
      calls += 1;
      if (calls > 1) throw Object.assign(new Error('no'), { name: 'AccessDeniedException' });
      return linkKeys.mac.sign(...link);
    };
    const { start, noticed } = world({ mac: { ...linkKeys.mac, sign } });
    expect(await start(sampleApprovalWork())).toMatchObject({ answer: 'failed', code: 'Unavailable' });
    expect(noticed).toEqual([]);
  });

  it('that cannot be signed fails so that the state tries again', async () => {
    const sign = () => Promise.reject(Object.assign(new Error('no'), { name: 'KMSInternalException' }));
    const { start } = world({ mac: { ...linkKeys.mac, sign } });
    expect(await start(sampleApprovalWork())).toMatchObject({
      answer: 'failed',
      code: 'Unavailable',
      why: expect.stringMatching(/KMSInternal/) as string,
    });
    expect(await start(webhook)).toMatchObject({
      answer: 'failed',
      code: 'Unavailable',
      why: expect.stringMatching(/KMSInternal/) as string,
    });
  });
});

describe('a partner', () => {
  it('gets the payload and a URL to call back', async () => {
    const { start, posted } = world();
    expect(await start(webhook)).toEqual({ answer: 'started', receipt: 'HTTP 202' });
    const body = JSON.parse(posted[0]?.body ?? '') as { callbackUrl: string };
    expect(body).toMatchObject({ payload: { order: 7 }, expiresAt: new Date(deadline).toISOString() });
    const link = body.callbackUrl.replace(`${endpoint}/webhooks/`, '');
    expect(await verifyLink(linkKeys, 'webhook', link)).toMatchObject({ purpose: 'webhook', callbackId });
  });

  it.each([
    ['is down', [undefined, undefined, undefined, undefined], 4, /no answer/],
    ['answers 500', [500, 503, 500, 502], 4, /HTTP 502/],
    ['has had enough', [429, 429, 429, 429], 4, /HTTP 429/],
    ['redirects', [307], 1, /HTTP 307; redirects are not followed/],
    ['refuses', [404], 1, /HTTP 404/],
  ])('that %s', async (_, statuses, times, why) => {
    const { start, posted, statuses: queued } = world();
    queued.push(...statuses);
    expect(await start(webhook)).toMatchObject({
      answer: 'failed',
      code: 'WebhookNotDelivered',
      why: expect.stringMatching(why) as string,
    });
    expect(posted).toHaveLength(times);
  });

  it('that recovers is asked again', async () => {
    const { start, statuses, posted } = world();
    statuses.push(500, undefined);
    expect(await start(webhook)).toMatchObject({ answer: 'started' });
    expect(posted).toHaveLength(3);
  });

  it('at an address that the platform does not send to is not asked again', async () => {
    const { starts, starters } = world();
    const why = 'partner.test leads to a private address';
    let asked = 0;
    const partners = { post: async () => ((asked += 1), { refused: why }) };
    const refusing = { ...starters, webhook: webhookStarter({ ...starts, partners, allowsLoopback: false }) };
    const started = startWork(refusing, startableOf(sampleRow('first', {}, 0, webhook)), webhook, false);
    expect(await started).toEqual({ answer: 'failed', code: 'WebhookRefused', why });
    expect(asked).toBe(1);
  });

  it.each([
    ['http://partner.test/', false, false],
    ['http://partner.test/', true, false],
    ['http://127.0.0.1:8080/', false, false],
    ['http://127.0.0.1:8080/', true, true],
    ['http://127.0.0.1.partner.test/', true, false],
  ])('at %s (loopback allowed: %s) is asked: %s', async (url, allowsLoopback, isAsked) => {
    const { start, posted } = world({ allowsLoopback });
    expect(await start({ ...webhook, url })).toMatchObject({ answer: isAsked ? 'started' : 'failed' });
    expect(posted).toHaveLength(isAsked ? 1 : 0);
  });
});
