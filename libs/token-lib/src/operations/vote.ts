import type { Callback, Unreached } from '../lifecycle/callback.ts';
import {
  type Ballot,
  countUnreached,
  countVote,
  type UnreachedDecision,
  type VoteDecision,
} from '../lifecycle/vote.ts';
import { change } from './change.ts';
import { completeTask, type SettlePorts } from './settle.ts';

export interface VoteAnswer {
  readonly answer: VoteDecision['answer'];
  /** As it stands then. */
  readonly row: Callback;
}

/** Counts an approver's vote, and settles the callback with the one that decides. */
export async function vote(ports: SettlePorts, question: Callback, ballot: Ballot): Promise<VoteAnswer> {
  const { callbackId } = question;
  const work = await ports.store.workOf(question);
  const counted = await change(ports.store, question, (current) => countVote(current, work, ballot));
  const { approver, decision } = ballot;
  ports.log('info', 'vote', { callbackId, approver, decision, verdict: counted.answer });
  if (counted.answer !== 'decides') return { answer: counted.answer, row: counted.row };
  const settled = await completeTask(ports, counted.next, ballot.at);
  const row = (await ports.store.read(callbackId)) ?? counted.next;
  return { answer: settled === 'late' ? 'closed' : 'decides', row };
}

/** Records that a question did not reach an approver, and fails the callback where too few are left. */
export async function recordUnreached(
  ports: SettlePorts,
  question: Callback,
  unreached: Unreached,
): Promise<UnreachedDecision['answer']> {
  const { callbackId } = question;
  const work = await ports.store.workOf(question);
  const counted = await change(ports.store, question, (current) => countUnreached(current, work, unreached));
  // The level wakes an operator: somebody's address is wrong, or is on SES's suppression list.
  const level = counted.answer === 'ignored' ? 'info' : 'alarm';
  ports.log(level, 'approver not reached', { callbackId, why: unreached.why, verdict: counted.answer });
  if (counted.answer === 'fails') await completeTask(ports, counted.next, unreached.at);
  return counted.answer;
}
