import type { LocalAws, ManualClock } from '@baton/local-aws';
import * as z from 'zod/mini';
import { callbackHandle, type CallbackHandle } from './callback-handle.ts';
import { ExecutionFailed } from './execution-failed.ts';
import type { Platform } from './platform.ts';
import { fateIn } from './ports.ts';
import { describeWait, type Wait } from './waits.ts';

const Events = z.array(z.looseObject({ id: z.number(), type: z.string(), timestamp: z.number() }));

/** An event of the execution's history, as GetExecutionHistory has it. */
export type HistoryEvent = z.infer<typeof Events>[number];

/** One execution. */
export interface Run {
  readonly executionArn: string;
  /** Resolves when the state waits for its callback, or has waited. @throws {Error} where it does not come to that without time or a callback */
  waiting(state: string): Promise<void>;
  /** The callback that the state waits for, or last waited for. @throws {Error} where it has not */
  callback(state: string): CallbackHandle;
  /**
   * Resolves with the execution's output. What is left of waiting for time (a Wait, the pause before a retry) passes at once.
   * @throws {ExecutionFailed} where it did not succeed
   * @throws {Error} where it waits for somebody who is the test's to play
   */
  result(): Promise<unknown>;
  /** What has happened so far. */
  history(): readonly HistoryEvent[];
  /** The names of the states that were entered, in order. */
  visited(): readonly string[];
  /** Stops it, as StopExecution does. */
  stop(error?: string, cause?: string): Promise<void>;
}

export interface RunParts {
  readonly aws: LocalAws<ManualClock>;
  readonly platform: Platform;
  readonly waits: readonly Wait[];
  /** Throws what the test has to mend. */
  readonly throwProblem: () => void;
}

export interface WatchedRun extends Run {
  /** Reads the history anew. */
  look(): Promise<void>;
}

const Described = z.looseObject({
  status: z.string(),
  output: z.optional(z.string()),
  error: z.optional(z.string()),
  cause: z.optional(z.string()),
});

export function watchRun(parts: RunParts, executionArn: string): WatchedRun {
  const { aws, platform } = parts;
  let events: readonly HistoryEvent[] = [];
  const look = async (): Promise<void> => {
    const input = { executionArn, maxResults: 1000 };
    events = z.parse(Events, (await aws.call('states:GetExecutionHistory', input))['events']);
  };
  const settled = async () => {
    await aws.activity.idle();
    await look();
    parts.throwProblem();
    return z.parse(Described, await aws.call('states:DescribeExecution', { executionArn }));
  };
  const own = (): Wait[] => parts.waits.filter((wait) => wait.executionArn === executionArn);
  const open = (): Wait[] => own().filter(({ token }) => fateIn(events, token).fate === 'open');

  return {
    executionArn,
    look,
    async waiting(state) {
      const { status } = await settled();
      if (own().some((wait) => wait.state === state)) return;
      const now =
        status === 'RUNNING' ? (open().map(describeWait)[0] ?? `it is in "${lastEntered(events)}"`) : `it is ${status}`;
      throw new Error(`"${state}" does not wait for a callback yet: ${now}. Time passes by baton.advance(...)`);
    },
    callback(state) {
      const wait = own().findLast((each) => each.state === state);
      if (wait === undefined)
        throw new Error(`"${state}" has not waited for a callback: await run.waiting('${state}')`);
      return callbackHandle(platform, wait, () => aws.clock.now());
    },
    async result() {
      for (;;) {
        const { status, output, error, cause } = await settled();
        if (status === 'SUCCEEDED') return JSON.parse(output ?? 'null') as unknown;
        if (status !== 'RUNNING') throw new ExecutionFailed(status, error, cause);
        const waits = open();
        const [working] = waits.flatMap(({ running }) => running ?? []);
        const [unattended] = waits.filter(({ running }) => running === undefined);
        if (working) await working.done;
        else if (unattended)
          throw new Error(
            `the execution has no result yet: ${describeWait(unattended)}, or let time pass by baton.advance(...)`,
          );
        else if (!(await aws.clock.advanceToNext()))
          throw new Error(`the execution has no result: nothing can happen in "${lastEntered(events)}" any more`);
      }
    },
    history: () => events,
    visited: () => events.flatMap((event) => entered(event) ?? []),
    async stop(error, cause) {
      await aws.call('states:StopExecution', {
        executionArn,
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      });
      await settled();
    },
  };
}

const Entered = z.looseObject({ stateEnteredEventDetails: z.looseObject({ name: z.string() }) });
const entered = (event: HistoryEvent): string | undefined =>
  z.safeParse(Entered, event).data?.stateEnteredEventDetails.name;

const lastEntered = (events: readonly HistoryEvent[]): string =>
  events.flatMap((event) => entered(event) ?? []).at(-1) ?? 'its start';
