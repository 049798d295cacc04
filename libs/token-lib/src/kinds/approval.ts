import * as z from 'zod/mini';
import { timeoutSeconds } from './times.ts';

/** As many as are asked at all. */
const MOST_APPROVERS = 20;

const Approver = z.strictObject({
  /** What pages, votes and results call them. */
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)),
  email: z.optional(z.email().check(z.maxLength(200))),
});
export type Approver = z.infer<typeof Approver>;

const areDistinct = (texts: readonly string[]): boolean =>
  new Set(texts.map((text) => text.toLowerCase())).size === texts.length;

/**
 * A question to people, each of whom gets a link of their own. It is decided when so many as are needed have approved,
 * when that has become impossible, or at the first denial where each may veto.
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
        z.maxLength(MOST_APPROVERS, { error: `takes ${MOST_APPROVERS} approvers at most` }),
      ),
    /** How many of them must approve. */
    needed: z._default(z.number().check(z.int(), z.gte(1)), 1),
    /** One denial ends it. */
    veto: z._default(z.boolean(), true),
    /** Whether a denial is the state's result, or fails it with `Baton.Denied`. */
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
