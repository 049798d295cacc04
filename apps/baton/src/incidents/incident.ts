import type { Baton, Run } from '@baton/testing';

/** A public failure of callbacks that people made themselves. */
export interface Incident {
  readonly id: string;
  /** What went wrong, in a few words. */
  readonly title: string;
  /** Where it is told in public. */
  readonly thread: string;
  /** What the durations are counted from, and until. */
  readonly measures: string;
  /** Plays it with the state as the thread has it. */
  readonly bare: () => Promise<Played>;
  /** Plays the same with Baton between the workflow and its worker. */
  readonly withBaton: () => Promise<Played>;
}

/** How it ended. */
export interface Played {
  readonly end: string;
  readonly seconds: number;
}

/** The longest that a Standard execution may run (documented). */
const YEAR_DAYS = 365;

/** Lets days pass until the execution has ended, for a year at the most: one that has ended is forgotten after 90 days. */
export async function waitForEnd(baton: Baton, run: Run): Promise<void> {
  for (let day = 0; day < YEAR_DAYS && !ENDS.test(run.history().at(-1)?.type ?? ''); day += 1)
    await baton.advance('1 day');
}

const ENDS = /^Execution(?:Succeeded|Failed|TimedOut|Aborted)$/;

/** @returns how the execution has ended, and how long after the moment; one that has not is as old as the clock */
export function endOf(baton: Baton, run: Run, since: Date): Played {
  const last = run.history().at(-1);
  const { type = '', timestamp = 0 } = last ?? {};
  if (!ENDS.test(type)) return { end: 'still running', seconds: secondsBetween(since, baton.now()) };
  const details = Object.values(last ?? {}).find(
    (value) => typeof value === 'object' && value !== null && 'error' in value,
  );
  const { error } = (details ?? {}) as { readonly error?: unknown };
  const end = type.replace('Execution', '').toLowerCase() + (typeof error === 'string' ? ` by ${error}` : '');
  return { end, seconds: secondsBetween(since, new Date(timestamp < 1e11 ? timestamp * 1000 : timestamp)) };
}

export const secondsBetween = (start: Date, end: Date): number => Math.round((end.getTime() - start.getTime()) / 1000);

/** A state that hands its token to a function itself. */
export const bareState = (fields: object): object =>
  machine({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: { FunctionName: 'job', Payload: { 'taskToken.$': '$$.Task.Token' } },
    ...fields,
  });

/** The same state with Baton in between: a job on a host, which has limits. */
export const batonState = (timeoutSeconds: number, fields: object = {}): object =>
  machine({
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Parameters: {
      FunctionName: '${dispatcher_function_arn}',
      Payload: {
        'taskToken.$': '$$.Task.Token',
        context: {
          'executionArn.$': '$$.Execution.Id',
          'redriveCount.$': '$$.Execution.RedriveCount',
          'state.$': '$$.State.Name',
          'enteredTime.$': '$$.State.EnteredTime',
          'retryCount.$': '$$.State.RetryCount',
        },
        work: { kind: 'ssm', instanceId: HOST, command: ['job'], timeoutSeconds, heartbeatSeconds: 60 },
      },
    },
    TimeoutSeconds: timeoutSeconds,
    HeartbeatSeconds: 60,
    ...fields,
  });

export const HOST = 'i-0ba70000000000001';

const machine = (state: object): object => ({
  StartAt: 'Job',
  States: { Job: { Type: 'Task', ...state, End: true } },
});
