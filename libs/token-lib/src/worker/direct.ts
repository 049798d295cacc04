/**
 * Direct mode: the message carries the raw task token, as Step Functions' own integrations send it, and the worker
 * settles the task itself. It does not need the platform and has none of its guarantees:
 *
 * - Whoever can read the queue, its dead letters or its logs can end the task. Baton's messages carry no token.
 * - Nothing is stored. An outcome whose answer was lost looks the same as one that came too late; both count as done, and
 *   a late outcome is dropped.
 * - A message that is delivered twice is processed twice, possibly at the same time.
 * - The worker's role needs states:SendTask* on the state machines.
 */
import { singleCalls } from '../aws/client-options.ts';
import { taskClient } from '../aws/step-functions.ts';
import { BatonError } from '../wire/errors.ts';
import { seconds } from '../wire/millis.ts';
import type { TaskClient } from '../ports.ts';
import { TaskToken } from '../wire/task-token.ts';
import type { Reports } from './reports.ts';

const SFN_CALLS = singleCalls({ connectionTimeout: seconds(1), requestTimeout: seconds(4) });

/** The token is the message's `taskToken` (or `TaskToken`). */
export function directReports(tasks: TaskClient = taskClient(SFN_CALLS)): Reports {
  return (message) => {
    const token = TaskToken.parse(message['taskToken'] ?? message['TaskToken']);
    return {
      async heartbeat() {
        const said = await tasks.heartbeat(token);
        if (said.answer === 'accepted' || said.answer === 'gone') return said.answer === 'gone' ? 'stop' : 'continue';
        throw new BatonError('Unavailable', `Step Functions did not take the heartbeat (${said.error})`);
      },
      async report(outcome) {
        const said = await tasks.completeTask(token, outcome);
        if (said.answer === 'denied' || said.answer === 'transient') {
          throw new BatonError('Unavailable', `Step Functions did not take the outcome (${said.error})`);
        }
      },
    };
  };
}
