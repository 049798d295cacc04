import { createHash } from 'node:crypto';
import {
  createExecution,
  type Effect,
  type EnginePorts,
  type Execution,
  type ExecutionIdentity,
  type Input,
  type Json,
  type Millis,
  parseDefinition,
  type StateMachine,
  type TimerNumber,
} from '../src/index.ts';

export const START: Millis = Date.UTC(2030, 0, 1);
type Call = Extract<Effect, { type: 'callTask' }>;

/** Returns predictable ports: UUIDs count up, and random() is always one half. */
export function countingPorts(): EnginePorts {
  let uuids = 0;
  return {
    uuid: () => `00000000-0000-4000-8000-${String((uuids += 1)).padStart(12, '0')}`,
    random: () => 0.5,
    hash: (algorithm, text) => createHash(algorithm.replace('-', '')).update(text).digest('hex'),
    mintToken: (task) => `token-${task}`,
    activityExists: (arn) => !arn.endsWith(':gone'),
  };
}

export const IDENTITY: ExecutionIdentity = {
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run',
  name: 'run',
  roleArn: 'arn:aws:iam::123456789012:role/states',
  startTime: START,
  redriveCount: 0,
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:machine',
  stateMachineName: 'machine',
  region: 'us-east-1',
};

export function machineOf(definition: unknown): StateMachine {
  const { machine, diagnostics } = parseDefinition(JSON.stringify(definition));
  if (!machine) throw new Error(`refused: ${JSON.stringify(diagnostics)}`);
  return machine;
}

/** Runs an execution with a manual clock, and keeps its calls in order. */
export class Driver {
  readonly execution: Execution;
  readonly calls: Call[] = [];
  readonly abandoned: number[] = [];
  readonly #timers = new Map<TimerNumber, Millis>();
  #now = START;
  #ended = 0;

  constructor(definition: unknown, input: Json = {}) {
    this.execution = createExecution({
      machine: machineOf(definition),
      input: JSON.stringify(input),
      identity: IDENTITY,
      ports: countingPorts(),
    });
  }

  get now(): Millis {
    return this.#now;
  }

  get ended(): number {
    return this.#ended;
  }

  get openTimers(): number {
    return this.#timers.size;
  }

  send(input: Input): Promise<void> {
    return this.#settle(this.execution.handle(input, this.#now));
  }

  redrive(): Promise<void> {
    return this.#settle(this.execution.redrive(this.#now));
  }

  /** Moves the clock on, from timer to timer. */
  async advance(seconds: number): Promise<void> {
    const until = this.#now + 1000 * seconds;
    for (let timer = this.#nextTimer(until); timer !== undefined; timer = this.#nextTimer(until)) {
      this.#now = Math.max(this.#now, this.#timers.get(timer) as Millis);
      this.#timers.delete(timer);
      await this.send({ type: 'timerFired', timer });
    }
    this.#now = until;
  }

  /** Carries out all effects of an input before the next one. */
  async #settle(effects: readonly Effect[]): Promise<void> {
    const answers: Input[] = [];
    for (const effect of effects) {
      const answer = await this.#carryOut(effect);
      if (answer) answers.push(answer);
    }
    for (const answer of answers) await this.send(answer);
  }

  async #carryOut(effect: Effect): Promise<Input | undefined> {
    switch (effect.type) {
      case 'callTask':
        this.calls.push(effect);
        return undefined;
      case 'abandonTask':
        this.abandoned.push(effect.task);
        return undefined;
      case 'startTimer':
        this.#timers.set(effect.timer, effect.at);
        return undefined;
      case 'cancelTimer':
        this.#timers.delete(effect.timer);
        return undefined;
      case 'evaluate':
        return effect.evaluate().then(
          (value): Input => ({ type: 'evaluated', evaluation: effect.evaluation, value }),
          (error: unknown): Input => ({ type: 'evaluationFailed', evaluation: effect.evaluation, error }),
        );
      case 'ended':
        this.#ended += 1;
        return undefined;
    }
  }

  #nextTimer(until: Millis): TimerNumber | undefined {
    const due = [...this.#timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    return due[0]?.[0];
  }
}
