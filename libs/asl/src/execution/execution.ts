/**
 * One execution of a state machine: inputs in, history and effects out. It has no I/O and no clock.
 *
 * Each thread of control is a Branch whose steps are a generator: `yield` waits for a signal, so a state reads from top to bottom
 * however often it waits, and ending a branch early runs its `finally` blocks. The Engine lets the branches run in turns.
 *
 * A1 The history is append only; ids are dense from 1, and every previousEventId is an earlier id or 0.
 * A2 An attempt has its own task number and token. The token is minted before the arguments are evaluated, and dead when the
 *    attempt is over: when the worker did not end it, `abandonTask` says so.
 * A3 Every timer is cancelled or has fired before its branch goes on; an ended execution has none.
 * A4 An input for a task, timer or evaluation that is over changes nothing.
 * A5 Timers of one instant fire together, before anything follows from one of them.
 * A6 A branch assigns variables only in its own scope, and only when its state has succeeded or was caught.
 * A7 Nothing evaluates JSONata but an `evaluate` effect; nothing else waits for one.
 * A8 A definition is parsed once; executions share it and keep only data and the steps of open branches.
 * A9 The event that fills the history is the execution's end, which nothing catches.
 * A10 Only an end that is not success can be redriven; what has succeeded is not run again.
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
 * An execution that has not begun: `handle({ type: 'start' }, now)` begins it.
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

  /** JSON text, once SUCCEEDED. */
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

  /** In the order of their start. */
  get mapRuns(): readonly MapRun[] {
    return this.#engine.mapRuns ?? [];
  }

  /** Whether the execution still waits for this task. */
  isOpen(task: TaskNumber): boolean {
    return this.#engine.isOpen(task);
  }

  /**
   * The effects are to be carried out in order, after this returns and before the next input.
   * @throws {SyntaxError} when a task's output is not JSON; nothing has changed then
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
   * Goes on from where a failed, aborted or timed out execution stopped, in the same history; timeouts and retries begin anew
   * (A10). Whether it is too late for that, the driver knows.
   * @throws {RangeError} when the execution runs or has succeeded
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

  /** The execution's own events are written even when the history is full for its states (A9). */
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
