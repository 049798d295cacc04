import type { Callback } from '../lifecycle/callback.ts';
import { type Ballot, countVote, type VoteDecision } from '../lifecycle/vote.ts';
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
