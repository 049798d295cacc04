import { heartbeatIntervalSeconds, type Outcome, seconds } from '@baton/token-lib';
import { returned, thrown } from '@baton/token-lib/worker/outcome-of';
import type { WorkContext } from '@baton/token-lib/worker';
import type { Activity, Clock, Timer } from '@baton/local-aws';

/**
 * A worker's function, as it is: its input is the work, what it returns is the state's result, what it throws is the state's error. Of work on a host,
 * the input is the job: `{ command, shell, workingDirectory, environment, instanceId }`.
 */
export type TestWorker = (input: never, context: WorkContext<undefined>) => unknown;

/** How a worker says what it has to say. */
export interface WorkReporter {
  readonly callbackId?: string | undefined;
  heartbeat(progress?: Readonly<Record<string, unknown>>): Promise<'continue' | 'stop'>;
  report(outcome: Outcome): Promise<void>;
}

/** A worker that runs. */
export interface Running {
  /** Resolves when the worker is through. */
  readonly done: Promise<void>;
  /** Ends it without a word, as the death of its host does. */
  abandon(): void;
}

/** How long in real time the clock waits for a worker: one that takes longer is a long job, beside which time goes on. */
const PATIENCE_MILLISECONDS = 100;

/** Runs a worker's function on the test's clock: heartbeats are sent at the interval that a real worker keeps. */
export function runWorker(
  work: TestWorker,
  input: unknown,
  reporter: WorkReporter,
  {
    clock,
    activity,
    heartbeatSeconds,
  }: { readonly clock: Clock; readonly activity: Activity; readonly heartbeatSeconds?: number | undefined },
): Running {
  const stop = new AbortController();
  const abandoned = Promise.withResolvers<undefined>();
  let next: Timer | undefined;
  const beat = async (progress?: Readonly<Record<string, unknown>>): Promise<void> => {
    if (stop.signal.aborted) return;
    if ((await reporter.heartbeat(progress)) === 'stop') stop.abort();
  };
  const beatLater = (): void => {
    if (heartbeatSeconds === undefined) return;
    next = clock.at(clock.now() + seconds(heartbeatIntervalSeconds(heartbeatSeconds)), () => {
      void activity.track(beat()).then(beatLater);
    });
  };
  const run = async (): Promise<void> => {
    await beat();
    if (stop.signal.aborted) return;
    beatLater();
    const context = { signal: stop.signal, heartbeat: beat, callbackId: reporter.callbackId, lambda: undefined };
    const running = Promise.resolve()
      .then(() => work(input as never, context))
      .then(returned, thrown);
    const outcome = await Promise.race([running, abandoned.promise]);
    if (outcome !== undefined && !stop.signal.aborted) await reporter.report(outcome);
  };
  const idle = activity.begin();
  const patience = setTimeout(idle, PATIENCE_MILLISECONDS);
  const done = run().finally(() => {
    next?.cancel();
    clearTimeout(patience);
    idle();
  });
  return {
    done,
    abandon() {
      stop.abort();
      abandoned.resolve(undefined);
    },
  };
}

/** Finds a worker by what a definition calls it: the name of its queue, function or program, or of the state. */
export function findWorker(
  workers: Readonly<Record<string, TestWorker>>,
  names: readonly (string | undefined)[],
): TestWorker | undefined {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  for (const name of names) {
    const wanted = name === undefined ? '' : plain(name);
    const found = Object.entries(workers).find(([known]) => wanted !== '' && plain(known) === wanted);
    if (found) return found[1];
  }
  return undefined;
}
