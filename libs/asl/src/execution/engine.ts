import type { Payload } from '../data/payload.ts';
import { MAX_EVENTS } from '../history.ts';
import type { Effect, EnginePorts, Input, Json, Millis, TaskNumber, TimerNumber } from '../protocol.ts';
import type { Branch, Outcome, Runtime, Signal, Steps } from './branch.ts';
import { StateFailure } from './failure.ts';
import type { MapRun } from './map-run.ts';
import { Timers } from './timers.ts';

type Details = Readonly<Record<string, unknown>>;

/** An open task, timer (with its instant) or evaluation, and the branch that waits for it. */
interface Waiting {
  readonly branch: Branch;
  readonly firesAt?: Millis;
}

/** A branch that can continue. */
interface Ready {
  readonly branch: Branch;
  readonly signal?: Signal;
  /** The number of the task, timer or evaluation that the signal is for. */
  readonly number?: number;
}

const HISTORY_FULL = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;

/** Up to this many open numbers, a search is cheaper than an index of timers. */
const SEARCHED = 16;

/** The types of state that have a StateAborted event. */
const ABORTABLE: ReadonlySet<string> = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/**
 * Runs the branches of one execution in turns: each runs until it waits, then the next one that is ready. Collects the effects and
 * the history of what they do.
 */
export class Engine implements Runtime {
  readonly ports: EnginePorts;
  readonly runFlow: Runtime['runFlow'];
  now: Millis = 0;
  mapRuns: MapRun[] | undefined = undefined;
  readonly #rootEnded: (root: Branch) => void;
  /** Tasks, timers and evaluations share one sequence of numbers, and so one table. */
  #numbers = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** Made once there is more to search than `SEARCHED`: most executions never need it. */
  #timers: Timers | undefined = undefined;
  #ready: Ready[] = [];
  #effects: Effect[] = [];

  constructor(ports: EnginePorts, runFlow: Runtime['runFlow'], rootEnded: (root: Branch) => void) {
    this.ports = ports;
    this.runFlow = runFlow;
    this.#rootEnded = rootEnded;
  }

  isOpen(number: number): boolean {
    return this.#waiting.has(number);
  }

  /** Makes the branch that waits for a task, timer or evaluation ready. Does nothing when that is over (A4). */
  wake(number: number, signal: Input): void {
    const waiting = this.#waiting.get(number);
    if (waiting) this.#ready.push({ branch: waiting.branch, signal, number });
  }

  /** Returns the open timers that fire at the same instant as this one, itself included (A5). */
  firedWith(timer: TimerNumber): readonly TimerNumber[] {
    const at = this.#waiting.get(timer)?.firesAt;
    return at === undefined ? [] : (this.#timers?.at(at) ?? this.#firingAt(at));
  }

  /** Runs branches until all of them wait or have ended. */
  run(): void {
    for (let index = 0; index < this.#ready.length; index += 1) {
      const { branch, signal, number } = this.#ready[index] as Ready;
      // An earlier branch may have ended what the signal is for.
      if (!branch.steps || (number !== undefined && !this.isOpen(number))) continue;
      if (signal?.type === 'branchEnded' && !signal.branch.attached) continue;
      if (signal?.type === 'timerFired') this.#forget(signal.timer);
      const outcome = advance(branch.steps, signal);
      if (outcome) this.#ended(branch, outcome);
    }
    this.#ready = [];
  }

  #ended(branch: Branch, outcome: Outcome): void {
    branch.outcome = outcome;
    branch.steps = undefined;
    if (branch.parent) this.#ready.push({ branch: branch.parent, signal: { type: 'branchEnded', branch } });
    else this.#rootEnded(branch);
  }

  takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  record(branch: Branch, type: string, name?: `${string}EventDetails`, details?: Details): number {
    branch.lastEventId = this.append(branch, type, branch.lastEventId, name, details);
    return branch.lastEventId;
  }

  append(
    branch: Branch,
    type: string,
    previousEventId: number,
    name?: `${string}EventDetails`,
    details?: Details,
  ): number {
    if (branch.history.isFull) throw new StateFailure('States.Runtime', HISTORY_FULL);
    return branch.history.append(type, previousEventId, this.now, name, details);
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  openTask(branch: Branch): TaskNumber {
    return this.#open({ branch });
  }

  closeTask(task: TaskNumber): void {
    this.#waiting.delete(task);
  }

  startTimer(branch: Branch, at: Millis): TimerNumber {
    const timer = this.#open({ branch, firesAt: at });
    if (this.#timers) this.#timers.add(timer, at);
    else if (this.#waiting.size > SEARCHED) this.#timers = this.#index();
    this.effect({ type: 'startTimer', timer, at });
    return timer;
  }

  cancelTimer(timer: TimerNumber | undefined): void {
    if (timer !== undefined && this.#forget(timer)) this.effect({ type: 'cancelTimer', timer });
  }

  *sleep(branch: Branch, at: Millis): Steps<void> {
    const timer = this.startTimer(branch, at);
    try {
      yield;
    } finally {
      this.cancelTimer(timer);
    }
  }

  *evaluate(branch: Branch, evaluate: () => Promise<Json>): Steps<Json> {
    const evaluation = this.#open({ branch });
    this.effect({ type: 'evaluate', evaluation, evaluate });
    try {
      const signal = yield;
      if (signal.type === 'evaluated') return signal.value as Json;
      throw (signal as { error: unknown }).error;
    } finally {
      this.#waiting.delete(evaluation);
    }
  }

  start(branch: Branch, steps: Steps<Payload>): void {
    branch.outcome = undefined;
    branch.attached = true;
    branch.steps = steps;
    this.#ready.push({ branch });
  }

  abort(branch: Branch, eventId: number): void {
    const { visit } = branch;
    if (!visit || branch.output) return;
    for (const inner of branch.failure ? [] : (visit.branches ?? [])) this.abort(inner, eventId);
    // A state that failed by itself is recorded as aborted only when it is a Task (recorded: test_map_state_catch).
    if (branch.failure ? visit.state.type === 'Task' : ABORTABLE.has(visit.state.type)) {
      this.append(branch, `${visit.state.type}StateAborted`, eventId);
    }
    this.drop(branch);
  }

  drop(branch: Branch): void {
    const { steps } = branch;
    branch.attached = false;
    branch.steps = undefined;
    steps?.return(undefined as never);
  }

  #open(waiting: Waiting): number {
    this.#numbers += 1;
    this.#waiting.set(this.#numbers, waiting);
    return this.#numbers;
  }

  #firingAt(instant: Millis): readonly TimerNumber[] {
    return [...this.#waiting].flatMap(([timer, { firesAt }]) => (firesAt === instant ? [timer] : []));
  }

  #index(): Timers {
    const timers = new Timers();
    for (const [timer, { firesAt }] of this.#waiting) if (firesAt !== undefined) timers.add(timer, firesAt);
    return timers;
  }

  #forget(timer: TimerNumber): boolean {
    const at = this.#waiting.get(timer)?.firesAt;
    if (at !== undefined) this.#timers?.delete(timer, at);
    return this.#waiting.delete(timer);
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
