import { change, heartbeat, type HeartbeatAnswer, HeartbeatRequest, isOpen, parse, taskClosed } from '@baton/token-lib';
import type { Verb } from './verb.ts';

/**
 * `stop` on positive evidence only (L8): a row that is decided or closed, or Step Functions saying that nobody waits.
 */
export const heartbeatVerb: Verb = async (ports, row, body, at) => {
  const request = parse(HeartbeatRequest, body);
  const { row: beating, answer: verdict } = await change(ports.store, row, (current) =>
    heartbeat(current, request, at),
  );
  if (verdict.verdict === 'stop') return answer({ answer: 'stop', reason: verdict.reason });
  if (!isOpen(beating)) return answer({ answer: 'continue', timeLeftSeconds: timeLeft(beating.deadline, at) });

  const said = await ports.tasks.heartbeat(beating.token);
  if (said.answer === 'gone') {
    await change(ports.store, beating, (current) => taskClosed(current, 'task-closed', at));
    return answer({ answer: 'stop', reason: 'Step Functions has closed the task' });
  }
  if (said.answer !== 'accepted') {
    const { callbackId } = beating;
    ports.log(said.answer === 'transient' ? 'info' : 'alarm', 'heartbeat not taken', { callbackId, ...said });
  }
  return answer({ answer: 'continue', timeLeftSeconds: timeLeft(beating.deadline, at) });
};

const answer = (body: HeartbeatAnswer) => ({ status: 200, body });

const timeLeft = (deadline: number, at: number): number => Math.max(0, Math.ceil((deadline - at) / 1000));
