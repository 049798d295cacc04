import type { Effect, Input, Millis, TimerNumber } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';
import type { Activities } from './activities.ts';
import type { Attempt, ExecutionRecord } from './execution-record.ts';
import type { CallIntegration, CallTask, TaskOutcome } from './integration-port.ts';
import type { TaskTokens } from './task-tokens.ts';

export interface DriverPorts {
  readonly world: World;
  readonly tokens: TaskTokens<Attempt>;
  readonly activities: Activities;
  readonly callIntegration: CallIntegration;
  readonly ended: (record: ExecutionRecord) => void;
}

type Evaluate = Extract<Effect, { type: 'evaluate' }>;

/**
 * Carries out the effects that executions ask for, and feeds the results back to them.
 *
 * D1  Inputs are handled one at a time, in order of arrival, each with all of its effects. Nothing else runs in between: calls
 *     begin in a later microtask.
 * D2  An attempt is settled once. It leaves the table before the execution is told, so later reports find nothing.
 * D3  A task is submitted before it ends. If a worker reports before the call that hands the task over has returned, the report
 *     waits for that call. [recorded: TaskSubmitted always comes first]
 * D4  A waiting execution costs its record, its open attempts and its timers; nothing polls or scans it.
 * D5  The manual clock stands still during evaluations (tracked here) and calls (tracked by `world.call`, long polls excepted),
 *     and moves on while an execution only waits.
 */
export class Driver {
  readonly #ports: DriverPorts;
  readonly #inbox: { record: ExecutionRecord; handle: () => readonly Effect[] }[] = [];
  #draining = false;

  constructor(ports: DriverPorts) {
    this.#ports = ports;
  }

  feed(record: ExecutionRecord, input: Input): void {
    this.#inTurn(record, () => record.live?.handle(input, this.#ports.world.clock.now()) ?? []);
  }

  /** Resumes an execution that has ended without success. */
  redrive(record: ExecutionRecord): void {
    this.#inTurn(record, () => record.live?.redrive(this.#ports.world.clock.now()) ?? []);
  }

  /** Takes a worker's outcome. Its token is dead from then on. */
  report(attempt: Attempt, outcome: TaskOutcome): void {
    if (attempt.accepted) return this.#settle(attempt, outcome);
    attempt.early = outcome;
    if (attempt.key !== undefined) this.#ports.tokens.close(attempt.key);
  }

  #inTurn(record: ExecutionRecord, handle: () => readonly Effect[]): void {
    this.#inbox.push({ record, handle });
    if (this.#draining) return;
    this.#draining = true;
    try {
      // Handling may push more inputs; for...of reaches those too.
      for (const next of this.#inbox) {
        for (const effect of next.handle()) this.#carryOut(next.record, effect);
      }
    } finally {
      this.#inbox.length = 0;
      this.#draining = false;
    }
  }

  #carryOut(record: ExecutionRecord, effect: Effect): void {
    switch (effect.type) {
      case 'callTask':
        return this.#openAttempt(record, effect);
      case 'abandonTask': {
        const attempt = record.attempts.get(effect.task);
        if (attempt) this.#close(attempt);
        return attempt?.abandon?.();
      }
      case 'startTimer':
        return this.#startTimer(record, effect.timer, effect.at);
      case 'cancelTimer':
        record.timers.get(effect.timer)?.cancel();
        return record.timers.delete(effect.timer);
      case 'evaluate':
        return void this.#ports.world.activity.track(this.#evaluate(record, effect));
      case 'ended':
        return this.#ports.ended(record);
    }
  }

  #startTimer(record: ExecutionRecord, timer: TimerNumber, at: Millis): void {
    const fire = (): void => {
      record.timers.delete(timer);
      this.feed(record, { type: 'timerFired', timer });
    };
    record.timers.set(timer, this.#ports.world.clock.at(at, fire));
  }

  #openAttempt(record: ExecutionRecord, effect: CallTask): void {
    const { tokens, activities } = this.#ports;
    const { task, token, resource } = effect;
    const accepted = resource.kind === 'activity';
    const attempt: Attempt = { record, task, key: undefined, accepted, early: undefined, abandon: undefined };
    record.attempts.set(task, attempt);
    if (token !== undefined) attempt.key = tokens.open(token, attempt);
    if (resource.kind === 'activity') {
      attempt.abandon = activities.offer(resource.activityArn, effect, (workerName) =>
        this.feed(record, { type: 'taskStarted', task, ...(workerName !== undefined && { workerName }) }),
      );
    } else {
      void this.#call(attempt, effect);
    }
  }

  async #call(attempt: Attempt, effect: CallTask): Promise<void> {
    await Promise.resolve();
    await this.#ports.callIntegration(effect, attempt.record.identity, {
      isOpen: () => isOpen(attempt),
      submitted: (output) => this.#accept(attempt, output),
      settled: (outcome) => this.#settle(attempt, attempt.early ?? outcome),
      onAbandon: (abandon) => void (attempt.abandon = abandon),
    });
  }

  #accept(attempt: Attempt, output: string): void {
    if (!isOpen(attempt)) return;
    attempt.accepted = true;
    this.feed(attempt.record, { type: 'taskSubmitted', task: attempt.task, output });
    if (attempt.early) this.#settle(attempt, attempt.early);
  }

  async #evaluate(record: ExecutionRecord, { evaluation, evaluate: run }: Evaluate): Promise<void> {
    let input: Input;
    try {
      input = { type: 'evaluated', evaluation, value: await run() };
    } catch (error) {
      input = { type: 'evaluationFailed', evaluation, error };
    }
    this.feed(record, input);
  }

  #settle(attempt: Attempt, outcome: TaskOutcome): void {
    if (!isOpen(attempt)) return;
    const { record, task } = attempt;
    this.#close(attempt);
    this.feed(record, { ...outcome, task });
  }

  #close({ record, task, key }: Attempt): void {
    record.attempts.delete(task);
    if (key !== undefined) this.#ports.tokens.close(key);
  }
}

const isOpen = (attempt: Attempt): boolean => attempt.record.attempts.get(attempt.task) === attempt;
