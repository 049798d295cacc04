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

/** An execution with a manual clock around it, and its calls in the order they were made. */
export interface Driver {
  readonly execution: Execution;
  readonly calls: readonly Call[];
  readonly abandoned: readonly number[];
  readonly ended: number;
  now(): Millis;
  openTimers(): number;
  send(input: Input): Promise<void>;
  redrive(): Promise<void>;
  /** Moves time on, timer by timer. */
  advance(seconds: number): Promise<void>;
}

/** Ports whose chance repeats itself: uuids count up, random() is always a half. */
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

export function createDriver(definition: unknown, input: Json = {}): Driver {
  const execution = createExecution({
    machine: machineOf(definition),
    input: JSON.stringify(input),
    identity: IDENTITY,
    ports: countingPorts(),
  });
  const calls: Call[] = [];
  const abandoned: number[] = [];
  const timers = new Map<TimerNumber, Millis>();
  let now = START;
  let ended = 0;

  const carryOut = async (effect: Effect): Promise<Input | undefined> => {
    switch (effect.type) {
      case 'callTask':
        calls.push(effect);
        return undefined;
      case 'abandonTask':
        abandoned.push(effect.task);
        return undefined;
      case 'startTimer':
        timers.set(effect.timer, effect.at);
        return undefined;
      case 'cancelTimer':
        timers.delete(effect.timer);
        return undefined;
      case 'evaluate':
        return effect.evaluate().then(
          (value): Input => ({ type: 'evaluated', evaluation: effect.evaluation, value }),
          (error: unknown): Input => ({ type: 'evaluationFailed', evaluation: effect.evaluation, error }),
        );
      case 'ended':
        ended += 1;
        return undefined;
    }
  };

  // All effects of one input are carried out before the next input comes.
  const settle = async (effects: readonly Effect[]): Promise<void> => {
    const answers: Input[] = [];
    for (const effect of effects) {
      const answer = await carryOut(effect);
      if (answer) answers.push(answer);
    }
    for (const answer of answers) await settle(execution.handle(answer, now));
  };

  const nextTimer = (until: Millis): TimerNumber | undefined => {
    const due = [...timers].filter(([, at]) => at <= until).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    return due[0]?.[0];
  };

  return {
    execution,
    calls,
    abandoned,
    get ended() {
      return ended;
    },
    now: () => now,
    openTimers: () => timers.size,
    send: (input) => settle(execution.handle(input, now)),
    redrive: () => settle(execution.redrive(now)),
    async advance(seconds) {
      const until = now + 1000 * seconds;
      for (let timer = nextTimer(until); timer !== undefined; timer = nextTimer(until)) {
        now = Math.max(now, timers.get(timer) as Millis);
        timers.delete(timer);
        await settle(execution.handle({ type: 'timerFired', timer }, now));
      }
      now = until;
    },
  };
}
