import type { Outcome } from '../wire/outcome.ts';
import type { Executions, TaskClient } from '../ports.ts';
import type { SendTaskRefusal, TaskAnswer } from '../lifecycle/send-task-errors.ts';
import type { TaskFate } from '../lifecycle/task-fate.ts';
import { revealTaskToken, type TaskToken } from '../wire/task-token.ts';

/**
 * A fault of the next call: the request or the answer is lost, or the call is refused.
 */
export type TaskFault = 'not delivered' | 'answer lost' | SendTaskRefusal;

/** Refused before it was looked at, and so not taken. */
export const throttled: SendTaskRefusal = { answer: 'transient', error: 'ThrottlingException', notTaken: true };

export interface FakeStepFunctions {
  readonly tasks: TaskClient;
  readonly executions: Executions;
  /** Faults of the coming calls, in order; then all goes well. */
  readonly faults: TaskFault[];
  /** A call that is refused, for as long as it says so. */
  refuses: (of: { readonly call: 'completeTask' | 'heartbeat' }) => SendTaskRefusal | undefined;
  /** Every outcome that a task has taken. */
  readonly taken: readonly Outcome[];
  readonly heartbeats: number;
  /** The task times out, or its branch or execution ends. */
  close(token: TaskToken, by?: string): void;
}

/**
 * Step Functions in memory. Every token is an open task, which takes one outcome and answers `gone` from then on, as Step
 * Functions does.
 */
export function fakeStepFunctions(): FakeStepFunctions {
  const fates = new Map<string, TaskFate>();
  const taken: Outcome[] = [];
  const faults: TaskFault[] = [];
  let heartbeats = 0;

  function answer(call: 'completeTask' | 'heartbeat', token: TaskToken, take: () => void): TaskAnswer {
    const fault = fake.refuses({ call }) ?? faults.shift();
    if (typeof fault === 'object') return fault;
    if (fault === 'not delivered') return { answer: 'transient', error: 'TimeoutError' };
    const open = !fates.has(revealTaskToken(token));
    if (open) take();
    if (fault === 'answer lost') return { answer: 'transient', error: 'TimeoutError' };
    return open ? { answer: 'accepted' } : { answer: 'gone', error: 'TaskTimedOut' };
  }

  const fake: FakeStepFunctions = {
    faults,
    refuses: () => undefined,
    taken,
    get heartbeats() {
      return heartbeats;
    },
    tasks: {
      async completeTask(token, outcome) {
        return answer('completeTask', token, () => {
          taken.push(outcome);
          fates.set(
            revealTaskToken(token),
            outcome.type === 'success' ? { fate: 'succeeded' } : { fate: 'failed', error: outcome.error },
          );
        });
      },
      async heartbeat(token) {
        return answer('heartbeat', token, () => (heartbeats += 1));
      },
    },
    executions: {
      async fateOf(_executionArn, token) {
        return fates.get(revealTaskToken(token)) ?? { fate: 'open' };
      },
    },
    close(token, by = 'TaskTimedOut') {
      const text = revealTaskToken(token);
      if (!fates.has(text)) fates.set(text, { fate: 'closed', by });
    },
  };
  return fake;
}
