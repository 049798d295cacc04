import type { Effect, Input, Millis, TimerNumber } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import type { Activities } from './activities.ts';
import type { Attempt, ExecutionRecord } from './execution-record.ts';
import type { CallIntegration, CallTask, TaskOutcome } from './integration-port.ts';
import type { TaskTokens } from './task-tokens.ts';

/**
 * Carries out what executions ask for, and tells them what became of it.
 *
 * D1  Inputs are handled one at a time, each with all of its effects, in the order in which they came. Nothing else runs in
 *     between: calls begin in a later microtask.
 * D2  An attempt is settled once: it leaves the table first, then the execution hears of it. What comes later finds nothing.
 * D3  A task is submitted before it succeeds: the answer of a worker who is faster than the call that hands the task over
 *     waits for that call. [recorded: TaskSubmitted always comes first]
 * D4  A waiting execution costs its record, its open attempts and its timers; nothing polls or scans it.
 * D5  Evaluations count as work in flight here, calls where they arrive (`world.call`: a long poll does not), waiting never:
 *     the manual clock moves on past it.
 */
export interface Driver {
  feed(record: ExecutionRecord, input: Input): void;
  /** Lets an execution that has ended without success go on. */
  redrive(record: ExecutionRecord): void;
  /** What a worker says by its token, which is dead from then on. */
  answer(attempt: Attempt, outcome: TaskOutcome): void;
}

export interface DriverPorts {
  readonly world: World;
  readonly tokens: TaskTokens<Attempt>;
  readonly activities: Activities;
  readonly callIntegration: CallIntegration;
  readonly ended: (record: ExecutionRecord) => void;
}

type Evaluate = Extract<Effect, { type: 'evaluate' }>;

export function createDriver({ world, tokens, activities, callIntegration, ended }: DriverPorts): Driver {
  const inbox: { record: ExecutionRecord; handle: () => readonly Effect[] }[] = [];
  let draining = false;

  const feed = (record: ExecutionRecord, input: Input): void =>
    inTurn(record, () => record.execution.handle(input, world.clock.now()));

  const redrive = (record: ExecutionRecord): void => inTurn(record, () => record.execution.redrive(world.clock.now()));

  const inTurn = (record: ExecutionRecord, handle: () => readonly Effect[]): void => {
    inbox.push({ record, handle });
    if (draining) return;
    draining = true;
    try {
      // An inbox that grows while it is read: for...of sees what is pushed.
      for (const next of inbox) {
        for (const effect of next.handle()) carryOut(next.record, effect);
      }
    } finally {
      inbox.length = 0;
      draining = false;
    }
  };

  const carryOut = (record: ExecutionRecord, effect: Effect): void => {
    switch (effect.type) {
      case 'callTask':
        return openAttempt(record, effect);
      case 'abandonTask':
        return close(record.attempts.get(effect.task))?.abandon?.();
      case 'startTimer':
        return startTimer(record, effect.timer, effect.at);
      case 'cancelTimer':
        record.timers.get(effect.timer)?.cancel();
        return record.timers.delete(effect.timer);
      case 'evaluate':
        return void world.activity.track(evaluate(record, effect));
      case 'ended':
        return ended(record);
    }
  };

  const startTimer = (record: ExecutionRecord, timer: TimerNumber, at: Millis): void => {
    const fire = (): void => {
      record.timers.delete(timer);
      feed(record, { type: 'timerFired', timer });
    };
    record.timers.set(timer, world.clock.at(at, fire));
  };

  const openAttempt = (record: ExecutionRecord, effect: CallTask): void => {
    const { task, token, resource } = effect;
    const accepted = resource.kind === 'activity';
    const attempt: Attempt = { record, task, key: undefined, accepted, early: undefined, abandon: undefined };
    record.attempts.set(task, attempt);
    if (token !== undefined) attempt.key = tokens.open(token, attempt);
    if (resource.kind === 'activity') {
      attempt.abandon = activities.offer(resource.activityArn, effect, (workerName) =>
        feed(record, { type: 'taskStarted', task, ...(workerName !== undefined && { workerName }) }),
      );
    } else {
      void call(attempt, effect);
    }
  };

  const call = async (attempt: Attempt, effect: CallTask): Promise<void> => {
    await Promise.resolve();
    await callIntegration(effect, attempt.record.identity, {
      isOpen: () => isOpen(attempt),
      submitted: (output) => accept(attempt, output),
      settled: (outcome) => settle(attempt, attempt.early ?? outcome),
      onAbandon: (abandon) => void (attempt.abandon = abandon),
    });
  };

  const accept = (attempt: Attempt, output: string): void => {
    if (!isOpen(attempt)) return;
    attempt.accepted = true;
    feed(attempt.record, { type: 'taskSubmitted', task: attempt.task, output });
    if (attempt.early) settle(attempt, attempt.early);
  };

  const answer = (attempt: Attempt, outcome: TaskOutcome): void => {
    if (attempt.accepted) return settle(attempt, outcome);
    attempt.early = outcome;
    if (attempt.key !== undefined) tokens.close(attempt.key);
  };

  const evaluate = async (record: ExecutionRecord, { evaluation, evaluate: run }: Evaluate): Promise<void> => {
    let input: Input;
    try {
      input = { type: 'evaluated', evaluation, value: await run() };
    } catch (error) {
      input = { type: 'evaluationFailed', evaluation, error };
    }
    feed(record, input);
  };

  const isOpen = (attempt: Attempt): boolean => attempt.record.attempts.get(attempt.task) === attempt;

  const close = (attempt: Attempt | undefined): Attempt | undefined => {
    if (attempt === undefined) return undefined;
    attempt.record.attempts.delete(attempt.task);
    if (attempt.key !== undefined) tokens.close(attempt.key);
    return attempt;
  };

  const settle = (attempt: Attempt, outcome: TaskOutcome): void => {
    if (!isOpen(attempt)) return;
    const { record, task } = attempt;
    close(attempt);
    feed(record, { ...outcome, task });
  };

  return { feed, redrive, answer };
}
