/**
 * One execution of a state machine. Takes inputs; produces history events and effects. It does no I/O and has no clock.
 *
 * Each thread of control is a Branch that runs a generator. `yield` waits for a signal, so the code of a state reads from top to
 * bottom however often it waits, and ending a branch early runs its `finally` blocks. The Engine runs the branches in turns.
 *
 * A1 The history is append-only. Ids count up from 1 without gaps; every previousEventId is an earlier id or 0.
 * A2 Each attempt of a task has its own task number and token. The token is minted before the arguments are evaluated and is
 *    invalid once the attempt has ended. `abandonTask` tells the driver when the worker did not end it.
 * A3 A timer has fired or been cancelled before its branch continues. An execution that has ended has no timers.
 * A4 An input for a task, timer or evaluation that is over changes nothing.
 * A5 Timers of the same instant fire together, before any consequence of one of them.
 * A6 A branch assigns variables only in its own scope, and only when its state has succeeded or its failure was caught.
 * A7 JSONata is evaluated only by `evaluate` effects, and only the branch that needs the value waits for one.
 * A8 A definition is parsed once and shared by its executions, which keep only data and the generators of open branches.
 * A9 The event that fills the history ends the execution, and nothing catches it.
 * A10 Only an execution that did not succeed can be redriven. What has succeeded is not run again.
 */
import { Payload } from '../data/payload.ts';
import type { StateMachine } from '../definition/state-machine.ts';
import { errorDetails, History, inputDetails, outputDetails } from '../history.ts';
import type {
  Effect,
  EnginePorts,
  ExecutionIdentity,
  ExecutionStatus,
  HistoryEvent,
  Input,
  Millis,
  TaskNumber,
  TimerNumber,
} from '../protocol.ts';
import { Branch } from './branch.ts';
import { Engine } from './engine.ts';
import type { MapRun } from './map-run.ts';
import { runFlow } from './run-flow.ts';

export interface ExecutionOptions {
  readonly machine: StateMachine;
  /** JSON text. */
  readonly input: string;
  readonly identity: ExecutionIdentity;
  readonly ports: EnginePorts;
}

/**
 * Returns an execution that has not started. `handle({ type: 'start' }, now)` starts it.
 * @throws {SyntaxError} when the input is not JSON
 */
export const createExecution = (options: ExecutionOptions): Execution => new Execution(options);

type Details = Readonly<Record<string, unknown>>;

export class Execution {
  readonly #machine: StateMachine;
  readonly #engine: Engine;
  readonly #history = new History();
  readonly #root: Branch;
  #timeout: TimerNumber | undefined;
  #status: ExecutionStatus = 'RUNNING';
  #output: string | undefined;
  #error: string | undefined;
  #cause: string | undefined;
  #stopDate: Millis | undefined;

  constructor({ machine, input, identity, ports }: ExecutionOptions) {
    requireJson(input, 'input');
    this.#machine = machine;
    this.#engine = new Engine(ports, runFlow, (root) => this.#rootEnded(root));
    this.#root = Branch.root(this.#engine, this.#history, identity, Payload.ofText(input));
  }

  get status(): ExecutionStatus {
    return this.#status;
  }

  /** JSON text, present once the execution has succeeded. */
  get output(): string | undefined {
    return this.#output;
  }

  get error(): string | undefined {
    return this.#error;
  }

  get cause(): string | undefined {
    return this.#cause;
  }

  get stopDate(): Millis | undefined {
    return this.#stopDate;
  }

  get history(): readonly HistoryEvent[] {
    return this.#history.events;
  }

  /** In the order in which they were started. */
  get mapRuns(): readonly MapRun[] {
    return this.#engine.mapRuns ?? [];
  }

  /** Returns whether the execution still waits for a task. */
  isOpen(task: TaskNumber): boolean {
    return this.#engine.isOpen(task);
  }

  /**
   * Applies one input. Returns the effects, to be carried out in order before the next input.
   * @throws {SyntaxError} when a task's output is not JSON. The execution is unchanged.
   */
  handle(input: Input, now: Millis): Effect[] {
    if (this.#status !== 'RUNNING') return [];
    if (input.type === 'taskSucceeded') requireJson(input.output, 'task output');
    this.#engine.now = now;
    this.#deliver(input);
    this.#engine.run();
    return this.#engine.takeEffects();
  }

  /**
   * Continues a failed, aborted or timed-out execution where it stopped, in the same history. Timeouts and retries start again
   * (A10). The driver checks that it is not too late for a redrive. Returns the effects, as `handle` does.
   * @throws {RangeError} when the execution is running or has succeeded
   */
  redrive(now: Millis): Effect[] {
    if (this.#status === 'RUNNING' || this.#status === 'SUCCEEDED') {
      throw new RangeError(`an execution that is ${this.#status} cannot be redriven`);
    }
    const redriveCount = this.#root.identity.redriveCount + 1;
    this.#root.identity = { ...this.#root.identity, redriveCount, redriveTime: now };
    this.#engine.now = now;
    this.#status = 'RUNNING';
    this.#error = this.#cause = this.#stopDate = undefined;
    this.#root.lastEventId = this.#write('ExecutionRedriven', this.#history.events.length, { redriveCount });
    this.#begin();
    this.#engine.run();
    return this.#engine.takeEffects();
  }

  #deliver(input: Input): void {
    switch (input.type) {
      case 'start': {
        const { identity, input: payload } = this.#root;
        this.#write('ExecutionStarted', 0, { ...inputDetails(payload.text), roleArn: identity.roleArn });
        return this.#begin();
      }
      case 'stop':
        this.#write('ExecutionAborted', 0, errorDetails(input.error, input.cause));
        return this.#end('ABORTED', input.error, input.cause);
      case 'timerFired':
        return this.#fire(input.timer);
      case 'evaluated':
      case 'evaluationFailed':
        return this.#engine.wake(input.evaluation, input);
      default:
        return this.#engine.wake(input.task, input);
    }
  }

  #begin(): void {
    const { timeoutSeconds, flow } = this.#machine;
    if (timeoutSeconds !== undefined) {
      this.#timeout = this.#engine.startTimer(this.#root, this.#engine.now + 1000 * timeoutSeconds);
    }
    this.#engine.start(this.#root, runFlow(this.#root, flow, this.#root.input.compact()));
  }

  #fire(fired: TimerNumber): void {
    const together = this.#engine.firedWith(fired);
    if (this.#timeout !== undefined && together.includes(this.#timeout)) {
      this.#write('ExecutionTimedOut', 0, { error: 'States.Timeout' });
      this.#end('TIMED_OUT');
      return;
    }
    for (const timer of together) {
      if (timer !== fired) this.#engine.effect({ type: 'cancelTimer', timer });
      this.#engine.wake(timer, { type: 'timerFired', timer });
    }
  }

  #rootEnded({ output, failure, lastEventId }: Branch): void {
    if (output) {
      this.#output = output.text;
      this.#write('ExecutionSucceeded', lastEventId, outputDetails(output.text));
      this.#end('SUCCEEDED');
    } else {
      this.#write('ExecutionFailed', lastEventId, errorDetails(failure?.error, failure?.cause));
      this.#end('FAILED', failure?.error, failure?.cause);
    }
  }

  /** Records an event of the execution itself, which is possible even when the history is full for states (A9). */
  #write(type: `Execution${string}`, previousEventId: number, details: Details): number {
    const name = `e${type.slice(1)}EventDetails` as const;
    return this.#history.append(type, previousEventId, this.#engine.now, name, details);
  }

  #end(status: ExecutionStatus, error?: string, cause?: string): void {
    this.#engine.drop(this.#root);
    this.#engine.cancelTimer(this.#timeout);
    this.#status = status;
    this.#error = error;
    this.#cause = cause;
    this.#stopDate = this.#engine.now;
    this.#engine.effect({ type: 'ended' });
  }
}

function requireJson(text: string, what: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`the ${what} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}
