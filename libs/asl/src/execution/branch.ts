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

/** What wakes a branch that waits: an input for its task, timer or evaluation, or the end of a branch that it started. */
export type Signal = Input | { readonly type: 'branchEnded'; readonly branch: Branch };

/** Steps that may wait: `yield` waits for the next signal. */
export type Steps<T> = Generator<void, T, Signal>;

/** What a state may do to the world around its branch. The Engine does it, and makes history and effects of it. */
export interface Runtime {
  readonly ports: EnginePorts;
  readonly now: Millis;
  mapRuns: MapRun[] | undefined;
  record(branch: Branch, type: string, name?: DetailsName, details?: Details): number;
  append(branch: Branch, type: string, previousEventId: number, name?: DetailsName, details?: Details): number;
  effect(effect: Effect): void;
  openTask(branch: Branch): TaskNumber;
  closeTask(task: TaskNumber): void;
  startTimer(branch: Branch, at: Millis): TimerNumber;
  cancelTimer(timer: TimerNumber | undefined): void;
  sleep(branch: Branch, at: Millis): Steps<void>;
  evaluate(branch: Branch, evaluate: () => Promise<Json>): Steps<Json>;
  runFlow(branch: Branch, flow: Flow, input: Payload): Steps<Payload>;
  start(branch: Branch, steps: Steps<Payload>): void;
  abort(branch: Branch, eventId: number): void;
  drop(branch: Branch): void;
}

type DetailsName = `${string}EventDetails`;
type Details = Readonly<Record<string, unknown>>;

/** How a branch ended. */
export type Outcome = { readonly output: Payload } | { readonly failure: StateFailure };

/** The item of a Map iteration, as `$$.Map.Item` shows it. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** One thread of control: the execution itself, a branch of a Parallel, an iteration of a Map. */
export class Branch {
  readonly engine: Runtime;
  readonly parent: Branch | undefined;
  readonly history: History;
  readonly variables: Variables;
  readonly item: MapItem | undefined;
  /** Whose names and input the context object shows: a child of a Map Run is an execution of its own. */
  identity: ExecutionIdentity;
  input: Payload;
  /** The event that the next event of this branch points back to. */
  lastEventId: number;
  /** The state it is in, or was in when it ended. */
  visit: Visit | undefined = undefined;
  steps: Steps<Payload> | undefined = undefined;
  outcome: Outcome | undefined = undefined;
  /** Whether its parent waits for its end. */
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

  /** A branch of a Parallel or an iteration of a Map, which sees the variables around it. */
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

  /** A child execution, with a history and variables of its own. */
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

  /** Once it has succeeded. */
  get output(): Payload | undefined {
    return this.outcome && 'output' in this.outcome ? this.outcome.output : undefined;
  }

  /** Once it has failed. */
  get failure(): StateFailure | undefined {
    return this.outcome && 'failure' in this.outcome ? this.outcome.failure : undefined;
  }
}

/** One stay in a state, over all its attempts. */
export interface Visit {
  readonly branch: Branch;
  readonly state: State;
  readonly input: Payload;
  /** What a failed evaluation points back to: the event before the state was entered, until the state begins its work. */
  evaluationEventId: number;
  readonly enteredEventId: number;
  readonly enteredAt: Millis;
  retryCount: number;
  /** The token of the attempt whose arguments are being evaluated. */
  token: string | undefined;
  /** The branches or iterations of this attempt, by their place; a redrive goes on with those that have not succeeded. */
  branches: Branch[] | undefined;
  mapRun: MapRun | undefined;
}
