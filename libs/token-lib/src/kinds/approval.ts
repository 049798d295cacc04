/** Asks people to approve or deny; each gets a signed link of their own. */
import * as z from 'zod/mini';
import type { Startable, Started, Starter } from './start.ts';
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

/** The way in which approvers are asked. */
export interface Asking {
  /** Returns why the approver would not hear of a question; undefined where they would, or where it could not be learned. Never rejects. */
  whyUnread(approver: Approver): Promise<string | undefined>;
  /** Asks all of the work's approvers. */
  ask(callback: Startable, work: ApprovalWork): Promise<Started>;
}

/** Asks nobody while one of the approvers would not hear of it. */
export function approvalStarter({ asking }: { readonly asking: Asking }): Starter<ApprovalWork> {
  return async (callback, work) => {
    const reasons = await Promise.all(work.approvers.map((approver) => asking.whyUnread(approver)));
    const [missing] = reasons.flatMap((why, place) =>
      why === undefined ? [] : `${work.approvers[place]?.name}: ${why}`,
    );
    if (missing !== undefined) return { answer: 'failed', code: 'ApproverUnreachable', why: missing };
    return asking.ask(callback, work);
  };
}
