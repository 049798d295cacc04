/** Asks people to approve or deny; each gets a signed link of their own. */
import * as z from 'zod/mini';
import type { Notice, NoticeSender } from './start-ports.ts';
import { handOver, type LinkPorts, signedUrl, type Starter } from './start.ts';
import { timeoutSeconds } from './times.ts';

const MAX_APPROVERS = 20;

const Approver = z.strictObject({
  /** The approver's name on pages, in votes and in results. */
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  email: z.optional(z.email().check(z.maxLength(200))),
});
export type Approver = z.infer<typeof Approver>;

const areDistinct = (texts: readonly string[]): boolean =>
  new Set(texts.map((text) => text.toLowerCase())).size === texts.length;

/**
 * Decided when enough approvers have approved, when enough approvals have become impossible, or at the first denial if
 * `veto` is set.
 */
export const ApprovalWork = z
  .strictObject({
    kind: z.literal('approval'),
    title: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)),
    description: z.optional(z.string().check(z.maxLength(10_000))),
    approvers: z
      .array(Approver)
      .check(
        z.minLength(1, { error: 'needs at least one approver' }),
        z.maxLength(MAX_APPROVERS, { error: `takes ${MAX_APPROVERS} approvers at most` }),
      ),
    /** How many of them must approve. */
    needed: z._default(z.number().check(z.int(), z.gte(1)), 1),
    /** Whether a single denial decides it. */
    veto: z._default(z.boolean(), true),
    /** Whether a denial is the state's result or fails the state with `Baton.Denied`. */
    deny: z._default(z.enum(['result', 'failure']), 'result'),
    /** The links expire with the state. */
    timeoutSeconds,
  })
  .check(
    z.refine((work) => areDistinct(work.approvers.map(({ name }) => name)), {
      error: 'names an approver twice: votes are told apart by name',
      path: ['approvers'],
    }),
    z.refine((work) => areDistinct(work.approvers.flatMap(({ email }) => email ?? [])), {
      error: 'has an e-mail address twice: each vote is to be by another person',
      path: ['approvers'],
    }),
    z.refine((work) => work.needed <= work.approvers.length, {
      error: 'is more than there are approvers: it could never be decided',
      path: ['needed'],
    }),
  );
export type ApprovalWork = z.infer<typeof ApprovalWork>;

export interface ApprovalStarterPorts extends LinkPorts {
  readonly notices: NoticeSender;
}

/**
 * Sends each approver a link of their own, once somebody hands each of them their notices and all links are signed: nobody is asked twice because a
 * subscription is missing or a key could not be used. If one notice cannot be sent, the callback is closed and the other links say so.
 */
export function approvalStarter(ports: ApprovalStarterPorts): Starter<ApprovalWork> {
  return async (callback, work) => {
    const reasons = await Promise.all(
      work.approvers.map((approver) => ports.notices.whyUnread(attributesOf(approver))),
    );
    const [missing] = reasons.flatMap((why, place) =>
      why === undefined ? [] : `${work.approvers[place]?.name}: ${why}`,
    );
    if (missing !== undefined) return { answer: 'failed', code: 'ApproverUnreachable', why: missing };
    const notices: (readonly [Approver, Notice])[] = [];
    for (const [place, approver] of work.approvers.entries()) {
      const { callbackId, deadline } = callback;
      const signed = await signedUrl(ports, { purpose: 'approval', callbackId, approver: place, expiresAt: deadline });
      if (signed.answer === 'failed') return signed;
      notices.push([approver, noticeOf(work, approver, signed.url, deadline)]);
    }
    const receipts: string[] = [];
    for (const [{ name }, notice] of notices) {
      const told = await handOver(`the notice to ${name}`, ports.pause, () => ports.notices.send(notice));
      if (told.answer === 'failed') return told;
      receipts.push(told.receipt);
    }
    return { answer: 'started', receipt: receipts.join(' ') };
  };
}

/**
 * Baton's own words come first, its link among them. What the workflow has written may hold links of its own, so it comes last, and a
 * mark stands before each of its lines.
 */
function noticeOf(work: ApprovalWork, approver: Approver, url: string, deadline: number): Notice {
  const { name } = approver;
  const until = `${new Date(deadline).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const written = [`To ${name}: ${work.title}`, ...(work.description === undefined ? [] : ['', work.description])];
  const text = [
    `Your decision is asked for. Look at it and decide here, until ${until}:\n${url}`,
    'The link is yours alone: whoever has it decides in your name.',
    'The lines below were written by the workflow. No link in them decides.',
    quoted(written.join('\n')),
  ];
  return {
    subject: subjectOf(work.title),
    text: text.join('\n\n'),
    attributes: attributesOf(approver),
  };
}

/** What subscriptions filter by. */
const attributesOf = ({ name, email }: Approver): Notice['attributes'] => ({
  approver: name,
  ...(email !== undefined && { email }),
});

/** Whatever a mail program may show as the end of a line is one. */
const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join('\n');

/** SNS takes printable ASCII, 100 characters at most, beginning with a letter or digit. */
function subjectOf(title: string): string {
  const ascii = title
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
  return `Decision needed: ${ascii}`.slice(0, 100).trimEnd();
}
