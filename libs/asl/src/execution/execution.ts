import type { StateMachine } from '../definition/state-machine.ts';
import { Payload } from '../data/payload.ts';
import { errorDetails, History, inputDetails, outputDetails } from '../history.ts';
import type {
  Effect,
  EnginePorts,
  ExecutionIdentity,
  ExecutionStatus,
  HistoryEvent,
  Input,
  Json,
  Millis,
  TaskNumber,
  TimerNumber,
} from '../protocol.ts';
import { Branch, type Outcome, type Signal, type Steps } from './branch.ts';
import { StateFailure } from './failure.ts';
import { runFlow } from './run-flow.ts';
import { Timers } from './timers.ts';

/** Whom an open task, timer or evaluation wakes. */
interface Waiting {
  readonly branch: Branch;
  readonly firesAt?: Millis;
}

/** One execution of a state machine. */
export class Execution {
  readonly machine: StateMachine;
  readonly identity: ExecutionIdentity;
  readonly ports: EnginePorts;
  readonly input: Payload;
  now: Millis = 0;
  #status: ExecutionStatus = 'RUNNING';
  #output: Payload | undefined;
  #error: string | undefined;
  #cause: string | undefined;
  #stopDate: Millis | undefined;
  readonly recorded = new History();
  #numbers = 0;
  readonly #waiting = new Map<number, Waiting>();
  readonly #timers = new Timers();
  readonly #ready: { branch: Branch; signal?: Signal; number?: number }[] = [];
  #effects: Effect[] = [];
  readonly #root: Branch;
  #timeoutTimer: TimerNumber | undefined;

  constructor(machine: StateMachine, input: string, identity: ExecutionIdentity, ports: EnginePorts) {
    this.machine = machine;
    this.input = Payload.ofText(input);
    this.identity = identity;
    this.ports = ports;
    this.#root = new Branch(this);
  }

  get status(): ExecutionStatus {
    return this.#status;
  }
  /** JSON text, once SUCCEEDED. */
  get output(): string | undefined {
    return this.#output?.text;
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
    return this.recorded.events;
  }

  /** Whether the execution still waits for this task. */
  isOpen(task: TaskNumber): boolean {
    return this.#waiting.has(task);
  }

  handle(input: Input, now: Millis): Effect[] {
    if (this.#status !== 'RUNNING') return [];
    this.now = now;
    this.#deliver(input);
    this.#run();
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #deliver(input: Input): void {
    switch (input.type) {
      case 'start':
        this.#start();
        return;
      case 'stop':
        this.#end('ABORTED', input.error, input.cause);
        this.append(
          this.#root,
          'ExecutionAborted',
          0,
          'executionAbortedEventDetails',
          errorDetails(input.error, input.cause),
        );
        return;
      case 'timerFired':
        this.#fire(input.timer);
        return;
      case 'evaluated':
      case 'evaluationFailed':
        this.#wake(input.evaluation, input);
        return;
      default:
        this.#wake(input.task, input);
    }
  }

  #wake(number: number, signal: Input): void {
    const waiting = this.#waiting.get(number);
    if (waiting) this.#ready.push({ branch: waiting.branch, signal, number });
  }

  /** Timers of one instant fire together, before anything follows from one of them. */
  #fire(fired: TimerNumber): void {
    const at = this.#waiting.get(fired)?.firesAt;
    if (at === undefined) return;
    for (const timer of this.#timers.at(at)) {
      if (timer !== fired) this.effect({ type: 'cancelTimer', timer });
      if (timer === this.#timeoutTimer) {
        this.#forget(timer);
        this.#timeOut();
        return;
      }
      this.#wake(timer, { type: 'timerFired', timer });
    }
  }

  #start(): void {
    const { roleArn } = this.identity;
    this.append(this.#root, 'ExecutionStarted', 0, 'executionStartedEventDetails', {
      ...inputDetails(this.input.text),
      roleArn,
    });
    if (this.machine.timeoutSeconds !== undefined) {
      this.#timeoutTimer = this.startTimer(this.#root, this.now + 1000 * this.machine.timeoutSeconds);
    }
    this.start(this.#root, runFlow(this.#root, this.machine.flow, this.input));
  }

  #timeOut(): void {
    this.#end('TIMED_OUT', undefined, undefined);
    this.append(this.#root, 'ExecutionTimedOut', 0, 'executionTimedOutEventDetails', { error: 'States.Timeout' });
  }

  #run(): void {
    for (let next = this.#ready.shift(); next; next = this.#ready.shift()) {
      const { branch, signal, number } = next;
      // What the signal is for may have ended since the signal came.
      if (!branch.steps || (number !== undefined && !this.#waiting.has(number))) continue;
      if (signal?.type === 'timerFired') this.#forget(signal.timer);
      const outcome = advance(branch.steps, signal);
      if (outcome) this.#branchEnded(branch, outcome);
    }
  }

  #branchEnded(branch: Branch, outcome: Outcome): void {
    branch.outcome = outcome;
    branch.steps = undefined;
    if (branch.parent) this.#ready.push({ branch: branch.parent, signal: { type: 'branchEnded', branch } });
    else if ('output' in outcome) this.#succeed(outcome.output, branch);
    else this.#fail(outcome.failure, branch);
  }

  #succeed(output: Payload, branch: Branch): void {
    this.#output = output;
    this.append(
      branch,
      'ExecutionSucceeded',
      branch.lastEventId,
      'executionSucceededEventDetails',
      outputDetails(output.text),
    );
    this.#end('SUCCEEDED', undefined, undefined);
  }

  #fail({ error, cause }: StateFailure, branch: Branch): void {
    this.append(
      branch,
      'ExecutionFailed',
      branch.lastEventId,
      'executionFailedEventDetails',
      errorDetails(error, cause),
    );
    this.#end('FAILED', error, cause);
  }

  #end(status: ExecutionStatus, error: string | undefined, cause: string | undefined): void {
    this.drop(this.#root);
    this.cancelTimer(this.#timeoutTimer);
    this.#ready.length = 0;
    this.#status = status;
    this.#error = error;
    this.#cause = cause;
    this.#stopDate = this.now;
    this.effect({ type: 'ended' });
  }

  // What the steps of a branch use.

  /** Writes an event of a branch, which points back to the branch's last one. */
  record(
    branch: Branch,
    type: string,
    name?: `${string}EventDetails`,
    details?: Readonly<Record<string, unknown>>,
  ): number {
    branch.lastEventId = this.append(branch, type, branch.lastEventId, name, details);
    return branch.lastEventId;
  }

  /** Writes an event of a branch that its next event does not point back to. */
  append(
    branch: Branch,
    type: string,
    previousEventId: number,
    name?: `${string}EventDetails`,
    details?: Readonly<Record<string, unknown>>,
  ): number {
    return branch.history.append(type, previousEventId, this.now, name, details);
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  openTask(branch: Branch): TaskNumber {
    const task = ++this.#numbers;
    this.#waiting.set(task, { branch });
    return task;
  }

  closeTask(task: TaskNumber): void {
    this.#waiting.delete(task);
  }

  startTimer(branch: Branch, at: Millis): TimerNumber {
    const timer = ++this.#numbers;
    this.#waiting.set(timer, { branch, firesAt: at });
    this.#timers.add(timer, at);
    this.effect({ type: 'startTimer', timer, at });
    return timer;
  }

  /** Harmless without a timer or after it has fired. */
  cancelTimer(timer: TimerNumber | undefined): void {
    if (timer !== undefined && this.#forget(timer)) this.effect({ type: 'cancelTimer', timer });
  }

  #forget(timer: TimerNumber): boolean {
    const at = this.#waiting.get(timer)?.firesAt;
    if (at !== undefined) this.#timers.delete(timer, at);
    return this.#waiting.delete(timer);
  }

  *sleep(branch: Branch, at: Millis): Steps<void> {
    const timer = this.startTimer(branch, at);
    try {
      yield;
    } finally {
      this.cancelTimer(timer);
    }
  }

  *evaluate(branch: Branch, evaluate: () => Promise<Json>): Steps<unknown> {
    const evaluation = ++this.#numbers;
    this.#waiting.set(evaluation, { branch });
    this.effect({ type: 'evaluate', evaluation, evaluate });
    try {
      const signal = yield;
      if (signal.type === 'evaluated') return signal.value;
      throw (signal as { error: unknown }).error;
    } finally {
      this.#waiting.delete(evaluation);
    }
  }

  start(branch: Branch, steps: Steps<Payload>): void {
    branch.steps = steps;
    this.#ready.push({ branch });
  }

  /** Waits until one of the started branches has ended. */
  *nextEnded(): Steps<Branch> {
    for (;;) {
      const signal = yield;
      if (signal.type === 'branchEnded') return signal.branch;
    }
  }

  /** Ends an open branch because of the failure at `eventId`, and writes that its state was aborted. */
  abort(branch: Branch, eventId: number): void {
    if (branch.outcome && 'output' in branch.outcome) return;
    const type = branch.visit?.state.type;
    if (type === 'Task' || (type === 'Wait' && branch.steps)) this.append(branch, `${type}StateAborted`, eventId);
    this.drop(branch);
  }

  /** Ends an open branch without a word: its timers are cancelled and its tasks abandoned. */
  drop(branch: Branch): void {
    const { steps } = branch;
    branch.steps = undefined;
    steps?.return(undefined as never);
  }
}

function advance(steps: Steps<Payload>, signal: Signal | undefined): Outcome | undefined {
  try {
    const result = steps.next(signal as Signal);
    return result.done ? { output: result.value } : undefined;
  } catch (error) {
    if (error instanceof StateFailure) return { failure: error };
    throw error;
  }
}
