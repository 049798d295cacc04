import {
  type Callback,
  change,
  claim,
  ClaimRequest,
  type ClaimAnswer,
  heartbeatIntervalSeconds,
  type Job,
  parse,
  precedence,
  STOP_GRACE_SECONDS,
  taskClosed,
  type Work,
} from '@baton/token-lib';
import type { HttpPorts, Verb } from './verb.ts';

const LONGEST_WAIT_SECONDS = 5;

/** May this run start (L7)? Not before the run of an earlier attempt is over, and not for a task that is no more. */
export const claimVerb: Verb = async (ports, row, body, at) => {
  const request = parse(ClaimRequest, body);
  const wait = await waitFor(ports, row, at);
  if (wait !== undefined) return answer(wait);

  const { row: claimed, answer: verdict } = await change(ports.store, row, (current) => claim(current, request, at));
  if (verdict.verdict === 'refused') return answer({ answer: 'refused', reason: verdict.reason });
  if (claimed.state !== 'Dispatched') return answer({ answer: 'refused', reason: 'the callback is closed' });

  // The first sign of life starts the state's heartbeat clock anew, and tells whether anybody still waits.
  const alive = await ports.tasks.heartbeat(claimed.token);
  if (alive.answer === 'gone') {
    await change(ports.store, claimed, (current) => taskClosed(current, 'task-closed', at));
    return answer({ answer: 'refused', reason: 'Step Functions has closed the task' });
  }
  return answer({
    answer: 'granted',
    job: jobOf(claimed.work),
    heartbeatIntervalSeconds: heartbeatIntervalSeconds(claimed.work.heartbeatSeconds),
    heartbeatSeconds: claimed.work.heartbeatSeconds,
    timeLeftSeconds: Math.max(0, Math.ceil((claimed.deadline - at) / 1000)),
    stopGraceSeconds: STOP_GRACE_SECONDS,
  });
};

const answer = (body: ClaimAnswer) => ({ status: body.answer === 'wait' ? 202 : 200, body });

/** Walks back over attempts that were never claimed, to the last one that may still run. */
async function waitFor({ store }: HttpPorts, row: Callback, at: number): Promise<ClaimAnswer | undefined> {
  let before = row.supersedes;
  while (before !== undefined) {
    const earlier = await store.read(before);
    if (earlier === undefined) return undefined;
    const found = precedence(earlier, at);
    if (found.say === 'go') return undefined;
    if (found.say === 'wait') {
      const seconds = Math.ceil((found.until - at) / 1000);
      return { answer: 'wait', retryAfterSeconds: Math.min(Math.max(seconds, 1), LONGEST_WAIT_SECONDS) };
    }
    before = found.at;
  }
  return undefined;
}

function jobOf({ command, shell, workingDirectory, environment }: Work): Job {
  return { command, shell, workingDirectory, environment };
}
