import type { Payload } from '../data/payload.ts';
import { MAX_EVENTS } from '../history.ts';
import type { Effect, EnginePorts, Input, Json, Millis, TaskNumber, TimerNumber } from '../protocol.ts';
import type { Branch, Outcome, Runtime, Signal, Steps } from './branch.ts';
import { StateFailure } from './failure.ts';
import type { MapRun } from './map-run.ts';
import { Timers } from './timers.ts';

type Details = Readonly<Record<string, unknown>>;

/** Whom an open task, timer or evaluation wakes. */
interface Waiting {
  readonly branch: Branch;
  readonly firesAt?: Millis;
}

interface Wakening {
  readonly branch: Branch;
  readonly signal?: Signal;
  /** The task, timer or evaluation that the signal is for. */
  readonly number?: number;
}

const HISTORY_FULL = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;

/** So many that wait are looked through one by one. */
const FEW = 16;

/** What is written as aborted when its branch is. */
const ABORTABLE: ReadonlySet<string> = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/**
 * Runs the branches of one execution in turns: a branch goes on until it waits, then the next one that is ready. What a branch
 * does to the world outside it does through this, which makes effects and history of it.
 */
export class Engine implements Runtime {
  readonly ports: EnginePorts;
  readonly runFlow: Runtime['runFlow'];
  now: Millis = 0;
  mapRuns: MapRun[] | undefined = undefined;
  readonly #rootEnded: (root: Branch) => void;
  /** One sequence numbers tasks, timers and evaluations, so that one table finds them all. */
  #numbers = 0;
  readonly #waiting = new Map<number, Waiting>();
  /** There once many wait: until then a look at all of them is cheaper than another table per execution. */
  #timers: Timers | undefined = undefined;
  #ready: Wakening[] = [];
  #effects: Effect[] = [];

  constructor(ports: EnginePorts, runFlow: Runtime['runFlow'], rootEnded: (root: Branch) => void) {
    this.ports = ports;
    this.runFlow = runFlow;
    this.#rootEnded = rootEnded;
  }

  isOpen(number: number): boolean {
    return this.#waiting.has(number);
  }

  /** Makes the branch that waits for this task, timer or evaluation ready; nothing when it is over (A4). */
  wake(number: number, signal: Input): void {
    const waiting = this.#waiting.get(number);
    if (waiting) this.#ready.push({ branch: waiting.branch, signal, number });
  }

  /** All open timers that fire at the same instant as this one, itself included: they fire together (A5). */
  firedWith(timer: TimerNumber): readonly TimerNumber[] {
    const at = this.#waiting.get(timer)?.firesAt;
    return at === undefined ? [] : (this.#timers?.at(at) ?? this.#firingAt(at));
  }

  /** Lets every ready branch run until all of them wait or have ended. */
  run(): void {
    for (let index = 0; index < this.#ready.length; index += 1) {
      const { branch, signal, number } = this.#ready[index] as Wakening;
      // What the signal is for may have ended since the signal came.
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

  /** Writes an event of a branch, which points back to the branch's last one. @throws {StateFailure} when the history is full */
  record(branch: Branch, type: string, name?: `${string}EventDetails`, details?: Details): number {
    branch.lastEventId = this.append(branch, type, branch.lastEventId, name, details);
    return branch.lastEventId;
  }

  /** Writes an event that the branch's next one does not point back to. @throws {StateFailure} when the history is full */
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
    else if (this.#waiting.size > FEW) this.#timers = this.#index();
    this.effect({ type: 'startTimer', timer, at });
    return timer;
  }

  /** Harmless without a timer or after it has fired. */
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

  /** Ends an open branch because of the failure at `eventId`, and writes that its states were aborted, inner before outer. */
  abort(branch: Branch, eventId: number): void {
    const { visit } = branch;
    if (!visit || branch.output) return;
    for (const inner of branch.failure ? [] : (visit.branches ?? [])) this.abort(inner, eventId);
    // Of what failed by itself only a Task is written as aborted too.
    if (branch.failure ? visit.state.type === 'Task' : ABORTABLE.has(visit.state.type)) {
      this.append(branch, `${visit.state.type}StateAborted`, eventId);
    }
    this.drop(branch);
  }

  /** Ends a branch without a word: its timers are cancelled, its tasks abandoned, and its end is no news any more. */
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
