import type { Callback, Settling } from './callback.ts';
import { change } from './change.ts';
import { type Ballot, vote, type VoteVerdict } from './lifecycle/vote.ts';
import { settleDecided, type SettlePorts } from './settle.ts';

/** Answers the verdict, and the row as it stands then. */
export async function castVote(
  ports: SettlePorts,
  target: Callback,
  ballot: Ballot,
): Promise<{ readonly row: Callback; readonly verdict: VoteVerdict }> {
  const work = await ports.store.workOf(target);
  const { row, answer: verdict } = await change(ports.store, target, (current) => vote(current, work, ballot));
  const { callbackId } = row;
  ports.log('info', 'vote', { callbackId, approver: ballot.approver, decision: ballot.decision, verdict });
  if (verdict !== 'decides') return { row, verdict };
  const answer = await settleDecided(ports, row as Settling, ballot.at);
  const settled = (await ports.store.read(callbackId)) ?? row;
  return { row: settled, verdict: answer === 'late' ? 'closed' : verdict };
}
