/** Rules of approvals: each approver has one vote, and the vote that decides is written with its outcome (L1, L2). */
import { FailureName } from '../wire/errors.ts';
import type { ApprovalWork } from '../kinds/approval.ts';
import type { Work } from '../kinds/work.ts';
import type { Millis } from '../wire/millis.ts';
import { failure, type Outcome, success } from '../wire/outcome.ts';
import {
  type Callback,
  isUndecided,
  nextVersion,
  type Settling,
  type Undecided,
  type Unreached,
  type Vote,
} from './callback.ts';
import { withOutcome } from './settle.ts';

export interface Ballot {
  /** The approver's place in the work's list. */
  readonly approver: number;
  readonly decision: Vote['decision'];
  readonly comment?: string | undefined;
  readonly at: Millis;
}

export type VoteDecision =
  /** This vote decides: complete the task now. */
  | { readonly answer: 'decides'; readonly next: Settling }
  | { readonly answer: 'counted'; readonly next: Undecided }
  /** This approver has voted before: the first vote stands. */
  | { readonly answer: 'voted' }
  /** It was decided, closed or over before this vote came. */
  | { readonly answer: 'closed' };

/** `work` is the callback's own. */
export function countVote(row: Callback, work: Work, { approver, decision, comment, at }: Ballot): VoteDecision {
  const { votes = [] } = row;
  const name = work.kind === 'approval' ? work.approvers[approver]?.name : undefined;
  if (work.kind !== 'approval' || name === undefined) return { answer: 'closed' };
  if (votes.some((vote) => vote.approver === name)) return { answer: 'voted' };
  if (!isUndecided(row) || at >= row.deadline) return { answer: 'closed' };
  const all = [...votes, { approver: name, decision, at, ...(comment !== undefined && { comment }) }];
  const result = tally(work, all);
  if (result === undefined) return { answer: 'counted', next: { ...nextVersion(row), votes: all } };
  const outcome = outcomeOf(work, result, all);
  return { answer: 'decides', next: withOutcome({ ...row, votes: all }, { from: { by: 'person' }, outcome, at }) };
}

export type UnreachedDecision =
  /** Too few are left who could approve: fail the task now. */
  | { readonly answer: 'fails'; readonly next: Settling }
  | { readonly answer: 'recorded'; readonly next: Undecided }
  /** It is known, the approver has voted, or nothing is to be decided any more. */
  | { readonly answer: 'ignored' };

/** A question did not reach one of its approvers. It goes on as long as those who were reached can still approve it. */
export function countUnreached(row: Callback, work: Work, { approver, why, at }: Unreached): UnreachedDecision {
  const { votes = [], unreached = [] } = row;
  const isKnown = [...votes, ...unreached].some((known) => known.approver === approver);
  if (!isUndecided(row) || work.kind !== 'approval' || isKnown) return { answer: 'ignored' };
  if (work.approvers.every(({ name }) => name !== approver)) return { answer: 'ignored' };
  const all = [...unreached, { approver, why, at }];
  const denials = votes.filter(({ decision }) => decision === 'denied').length;
  if (work.approvers.length - denials - all.length >= work.needed) {
    return { answer: 'recorded', next: { ...nextVersion(row), unreached: all } };
  }
  const cause = all.map((one) => `${one.approver}: ${one.why}`).join('; ');
  const outcome = failure(FailureName.approverUnreachable, cause);
  return { answer: 'fails', next: withOutcome({ ...row, unreached: all }, { from: { by: 'observer' }, outcome, at }) };
}

/** Returns what so many votes come to; undefined while more of them can still decide either way. */
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
  const told = votes.toSorted((a, b) => a.at - b.at).map((vote) => ({ ...vote, at: new Date(vote.at).toISOString() }));
  const result = { decision, decidedAt: told.at(-1)?.at, votes: told };
  if (decision === 'denied' && deny === 'failure') return failure(FailureName.denied, JSON.stringify(result));
  return success(result);
}
