import type { Payload } from '../data/payload.ts';
import type { State } from '../definition/state-machine.ts';
import type { History } from '../history.ts';
import type { ExecutionIdentity, Input, Json, Millis } from '../protocol.ts';
import type { Execution } from './execution.ts';
import type { StateFailure } from './failure.ts';
import { Variables } from './variables.ts';

/** What wakes a branch that waits: an input for its task, timer or evaluation, or the end of a branch that it started. */
export type Signal = Input | { readonly type: 'branchEnded'; readonly branch: Branch };

/** Steps that may wait: `yield` waits for the next signal. */
export type Steps<T> = Generator<void, T, Signal>;

/** How a branch ended. */
export type Outcome = { readonly output: Payload } | { readonly failure: StateFailure };

/** The item of a Map iteration, as `$$.Map.Item` shows it. */
export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** One thread of control: the execution itself, a branch of a Parallel, an iteration of a Map. */
export class Branch {
  readonly execution: Execution;
  readonly parent: Branch | undefined;
  readonly variables: Variables;
  readonly item: MapItem | undefined;
  /** The event that the next event of this branch points back to. */
  lastEventId: number;
  visit: Visit | undefined;
  steps: Steps<Payload> | undefined;
  outcome: Outcome | undefined;
  readonly history: History;
  /** Whose names and input the context object shows: a child of a Map Run is an execution of its own. */
  identity: ExecutionIdentity;
  input: Payload;

  /** With a history of its own the branch is a child execution, which sees no variables but its own. */
  constructor(execution: Execution, parent?: Branch, item?: MapItem, history?: History) {
    this.execution = execution;
    this.parent = parent;
    this.item = item ?? parent?.item;
    this.variables = new Variables(history ? undefined : parent?.variables);
    this.history = history ?? parent?.history ?? execution.recorded;
    this.identity = parent?.identity ?? execution.identity;
    this.input = parent?.input ?? execution.input;
    this.lastEventId = history || !parent ? 0 : parent.lastEventId;
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
  /** The token of the attempt that is being prepared or runs. */
  token: string | undefined;
}
