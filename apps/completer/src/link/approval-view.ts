/** What a question is to one of its approvers, at a time. Pure; approval-page.ts puts it into words. */
import {
  type ApprovalWork,
  type Approver,
  type Callback,
  isOpen,
  type Link,
  type Millis,
  tally,
  type Vote,
  type Work,
} from '@baton/token-lib';

export interface Question {
  readonly work: ApprovalWork;
  readonly approver: Approver;
  readonly votes: readonly Vote[];
  readonly deadline: Millis;
}

export type ApprovalView =
  /** May still vote. */
  | { readonly kind: 'open'; readonly question: Question; readonly at: Millis }
  /** Has voted; others have yet to. */
  | { readonly kind: 'voted'; readonly question: Question; readonly own: Vote }
  | { readonly kind: 'decided'; readonly question: Question; readonly decision: Vote['decision']; readonly last: Vote }
  | { readonly kind: 'expired'; readonly question: Question }
  /** The workflow does not wait any more, and nothing was decided. */
  | { readonly kind: 'closed'; readonly question: Question };

/** Undefined where the callback is no question to this approver. */
export function approvalView(row: Callback, work: Work, link: Link, at: Millis): ApprovalView | undefined {
  const { votes = [], deadline } = row;
  const approver = work.kind === 'approval' && link.approver !== undefined ? work.approvers[link.approver] : undefined;
  if (work.kind !== 'approval' || approver === undefined) return undefined;
  const question: Question = { work, approver, votes, deadline };
  const decision = tally(work, votes);
  const last = votes.at(-1);
  // What is Gone was decided too late, if at all: nobody took it.
  if (row.state !== 'Gone' && decision !== undefined && last !== undefined) {
    return { kind: 'decided', question, decision, last };
  }
  if (at >= Math.min(deadline, link.expiresAt)) return { kind: 'expired', question };
  if (!isOpen(row) || row.state === 'Settling') return { kind: 'closed', question };
  const own = votes.find((vote) => vote.approver === approver.name);
  return own === undefined ? { kind: 'open', question, at } : { kind: 'voted', question, own };
}
