/** Rules of approvals: each approver has one vote, and the vote that decides is written with its outcome (L1, L2). */
import { type Callback, type Vote, isOpen } from '../callback.ts';
import { FailureName } from '../errors.ts';
import type { Millis } from '../millis.ts';
import { failure, type Outcome, success } from '../outcome.ts';
import type { ApprovalWork } from '../kinds/approval.ts';
import type { Work } from '../work.ts';
import type { Decision } from './decision.ts';
import { report } from './settle.ts';

export interface Ballot {
  /** The approver's place in the work's list. */
  readonly approver: number;
  readonly decision: Vote['decision'];
  readonly comment?: string | undefined;
  readonly at: Millis;
}

export type VoteVerdict =
  /** This vote decides: tell Step Functions now. */
  | 'decides'
  | 'counted'
  /** This approver has voted before: the first vote stands. */
  | 'voted'
  /** It was decided, closed or over before this vote came. */
  | 'closed';

/** `work` is the callback's own. */
export function vote(row: Callback, work: Work, { approver, decision, comment, at }: Ballot): Decision<VoteVerdict> {
  const { votes = [] } = row;
  const name = work.kind === 'approval' ? work.approvers[approver]?.name : undefined;
  if (work.kind !== 'approval' || name === undefined) return { answer: 'closed' };
  if (votes.some((cast) => cast.approver === name)) return { answer: 'voted' };
  if (!isOpen(row) || row.state === 'Settling' || at >= row.deadline) return { answer: 'closed' };
  const all = [...votes, { approver: name, decision, at, ...(comment !== undefined && { comment }) }];
  const voted = { ...row, votes: all };
  const decided = tally(work, all);
  if (decided === undefined) return { next: voted, answer: 'counted' };
  const { next } = report(voted, { from: { by: 'worker' }, outcome: outcomeOf(work, decided, all), at });
  return { ...(next && { next }), answer: 'decides' };
}

/** What so many votes come to; undefined while more of them can still decide either way. */
export function tally(
  { approvers, needed, veto }: Pick<ApprovalWork, 'approvers' | 'needed' | 'veto'>,
  votes: readonly Vote[],
): Vote['decision'] | undefined {
  const denials = votes.filter(({ decision }) => decision === 'denied').length;
  if (votes.length - denials >= needed) return 'approved';
  const isOutOfReach = approvers.length - denials < needed;
  return isOutOfReach || (veto && denials > 0) ? 'denied' : undefined;
}

/**
 * Who decided what, and when: as the state's result, or as JSON in the cause of its failure. Votes that came at once may
 * have been counted in another order than they were cast.
 */
function outcomeOf({ deny }: ApprovalWork, decision: Vote['decision'], votes: readonly Vote[]): Outcome {
  const told = votes.toSorted((a, b) => a.at - b.at).map((cast) => ({ ...cast, at: new Date(cast.at).toISOString() }));
  const result = { decision, decidedAt: told.at(-1)?.at, votes: told };
  if (decision === 'denied' && deny === 'failure') return failure(FailureName.denied, JSON.stringify(result));
  return success(result);
}
