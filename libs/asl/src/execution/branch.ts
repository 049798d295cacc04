import type { Payload } from '../data/payload.ts';
import type { Flow, State } from '../definition/state-machine.ts';
import { History } from '../history.ts';
import type {
  Effect,
  EnginePorts,
  ExecutionIdentity,
  Input,
  Json,
  Millis,
  TaskNumber,
  TimerNumber,
} from '../protocol.ts';
import type { StateFailure } from './failure.ts';
import type { MapRun } from './map-run.ts';
import { Variables } from './variables.ts';

/** Wakes a waiting branch: an input for its task, timer or evaluation, or the end of a branch that it started. */
export type Signal = Input | { readonly type: 'branchEnded'; readonly branch: Branch };

/** Code that can wait: `yield` waits for the next signal. */
export type Steps<T> = Generator<void, T, Signal>;

/** What a state can do beyond its own branch. The Engine implements it, and records history and effects. */
export interface Runtime {
  readonly ports: EnginePorts;
  readonly now: Millis;
  mapRuns: MapRun[] | undefined;
  /** Records an event that follows the branch's last one. Returns its id. @throws {StateFailure} when the history is full (A9) */
  record(branch: Branch, type: string, name?: DetailsName, details?: Details): number;
  /** Records an event that the branch's next event does not follow. Otherwise as `record`. */
  append(branch: Branch, type: string, previousEventId: number, name?: DetailsName, details?: Details): number;
  /** Adds an effect for the driver to carry out. */
  effect(effect: Effect): void;
  /** Opens a task that wakes the branch. `callTask` is a separate effect. */
  openTask(branch: Branch): TaskNumber;
  /** Inputs for the task have no effect from now on (A4). */
  closeTask(task: TaskNumber): void;
  /** Starts a timer that wakes the branch. */
  startTimer(branch: Branch, at: Millis): TimerNumber;
  /** Does nothing without a timer, or when it has fired. */
  cancelTimer(timer: TimerNumber | undefined): void;
  /** Waits until an instant. */
  sleep(branch: Branch, at: Millis): Steps<void>;
  /** Waits for an evaluation. Throws what it throws. */
  evaluate(branch: Branch, evaluate: () => Promise<Json>): Steps<Json>;
  /** Runs the flow of a Parallel's branch or a Map's processor in a branch of its own. @throws {StateFailure} */
  runFlow(branch: Branch, flow: Flow, input: Payload): Steps<Payload>;
  /** Starts a branch, whose end wakes its parent. */
  start(branch: Branch, steps: Steps<Payload>): void;
  /** Ends a branch because of the failure at `eventId`. Records that its states were aborted, inner before outer. */
  abort(branch: Branch, eventId: number): void;
  /** Ends a branch without recording it: cancels its timers, abandons its tasks, and does not wake its parent. */
  drop(branch: Branch): void;
}

type DetailsName = `${string}EventDetails`;
type Details = Readonly<Record<string, unknown>>;

/** How a branch ended. */
export type Outcome = { readonly output: Payload } | { readonly failure: StateFailure };

/** The item of a Map iteration: `$$.Map.Item`. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** A thread of control: the execution itself, a branch of a Parallel, an iteration of a Map or a child of a Map Run. */
export class Branch {
  readonly engine: Runtime;
  readonly parent: Branch | undefined;
  readonly history: History;
  readonly variables: Variables;
  readonly item: MapItem | undefined;
  /** The execution that the context object shows. A child of a Map Run is an execution of its own. */
  identity: ExecutionIdentity;
  input: Payload;
  /** The previousEventId of the branch's next event. */
  lastEventId: number;
  /** The state that the branch is in, or was in when it ended. */
  visit: Visit | undefined = undefined;
  steps: Steps<Payload> | undefined = undefined;
  outcome: Outcome | undefined = undefined;
  /** Whether the parent still waits for the branch to end. */
  attached = false;

  private constructor(
    around: Pick<Branch, 'engine' | 'parent' | 'history' | 'variables' | 'item' | 'identity' | 'input' | 'lastEventId'>,
  ) {
    this.engine = around.engine;
    this.parent = around.parent;
    this.history = around.history;
    this.variables = around.variables;
    this.item = around.item;
    this.identity = around.identity;
    this.input = around.input;
    this.lastEventId = around.lastEventId;
  }

  static root(engine: Runtime, history: History, identity: ExecutionIdentity, input: Payload): Branch {
    const variables = new Variables();
    return new Branch({
      engine,
      parent: undefined,
      history,
      variables,
      item: undefined,
      identity,
      input,
      lastEventId: 0,
    });
  }

  /** Returns a new branch of a Parallel or iteration of a Map, which sees the variables of this branch. */
  child(item = this.item): Branch {
    const { engine, history, identity, input, lastEventId } = this;
    return new Branch({
      engine,
      parent: this,
      history,
      variables: new Variables(this.variables),
      item,
      identity,
      input,
      lastEventId,
    });
  }

  /** Returns a new child execution of a Map Run, with its own history and variables. */
  childExecution(item: MapItem, identity: ExecutionIdentity, input: Payload): Branch {
    const { engine } = this;
    return new Branch({
      engine,
      parent: this,
      history: new History(),
      variables: new Variables(),
      item,
      identity,
      input,
      lastEventId: 0,
    });
  }

  /** Present once the branch has succeeded. */
  get output(): Payload | undefined {
    return this.outcome && 'output' in this.outcome ? this.outcome.output : undefined;
  }

  /** Present once the branch has failed. */
  get failure(): StateFailure | undefined {
    return this.outcome && 'failure' in this.outcome ? this.outcome.failure : undefined;
  }
}

/** One stay in a state, from entering to leaving it, retries included. */
export interface Visit {
  readonly branch: Branch;
  readonly state: State;
  readonly input: Payload;
  /** The previousEventId of EvaluationFailed. Until the state begins its work, that is the event before StateEntered (recorded). */
  evaluationEventId: number;
  readonly enteredEventId: number;
  readonly enteredAt: Millis;
  retryCount: number;
  /** The task token, while the arguments of an attempt are evaluated. */
  token: string | undefined;
  /** The branches or iterations of this attempt, in order. A redrive continues those that have not succeeded. */
  branches: Branch[] | undefined;
  mapRun: MapRun | undefined;
}
