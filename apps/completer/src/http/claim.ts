import {
  type Callback,
  change,
  claim,
  ClaimRequest,
  type ClaimAnswer,
  heartbeatIntervalSeconds,
  isOpen,
  jobOf,
  longestSilenceSeconds,
  parse,
  precedence,
  STOP_GRACE_SECONDS,
  taskClosed,
} from '@baton/token-lib';
import type { HttpPorts, Verb } from './verb.ts';

/** The earlier run may say at any moment that it has stopped. */
const LONGEST_WAIT_SECONDS = 5;

/** May this run start (L7)? Not before the run of an earlier attempt is over, and not for a task that is no more. */
export const claimVerb: Verb = async (ports, row, body, at) => {
  const request = parse(ClaimRequest, body);
  const job = jobOf(await ports.store.workOf(row));
  if (job === undefined) return answer({ answer: 'refused', reason: 'work of this kind is not claimed' });
  const wait = await waitFor(ports, row, at);
  if (wait !== undefined) {
    // Whoever waits is alive: without a beat its own attempt would time out meanwhile.
    return (await taskIsGone(ports, row, at)) ? answer(REFUSED_GONE) : answer(wait);
  }

  const { row: claimed, answer: verdict } = await change(ports.store, row, (current) => claim(current, request, at));
  if (verdict.verdict === 'refused') return answer({ answer: 'refused', reason: verdict.reason });
  if (claimed.state !== 'Dispatched') return answer({ answer: 'refused', reason: 'the callback is closed' });

  // The first sign of life starts the state's heartbeat clock anew, and tells whether anybody still waits.
  if (await taskIsGone(ports, claimed, at)) return answer(REFUSED_GONE);
  return answer({
    answer: 'granted',
    job,
    heartbeatIntervalSeconds: heartbeatIntervalSeconds(longestSilenceSeconds(claimed.terms)),
    heartbeatSeconds: longestSilenceSeconds(claimed.terms),
    timeLeftSeconds: Math.max(0, Math.ceil((claimed.deadline - at) / 1000)),
    stopGraceSeconds: STOP_GRACE_SECONDS,
  });
};

const REFUSED_GONE: ClaimAnswer = { answer: 'refused', reason: 'Step Functions has closed the task' };

/** Beats the task; a task that is no more closes its row. */
async function taskIsGone({ tasks, store }: HttpPorts, row: Callback, at: number): Promise<boolean> {
  if (!isOpen(row) || (await tasks.heartbeat(row.token)).answer !== 'gone') return false;
  await change(store, row, (current) => taskClosed(current, 'task-closed', at));
  return true;
}

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
      const longest = Math.min(LONGEST_WAIT_SECONDS, heartbeatIntervalSeconds(longestSilenceSeconds(row.terms)));
      return { answer: 'wait', retryAfterSeconds: Math.min(Math.max(seconds, 1), longest) };
    }
    before = found.at;
  }
  return undefined;
}
