/** What a state machine does next when a waiting state ends, foretold from its definition alone: for whoever is about to decide. */
import type { Catcher, Flow, Handlers, Retrier, State, StateMachine } from '../definition/state-machine.ts';
import { StateFailure } from './failure.ts';
import { findCatcher, findRetrier } from './retry.ts';

/** How a state ends: with an output, or with the name of an error. */
export type StateEnd = { readonly type: 'success' } | { readonly type: 'failure'; readonly error: string };

export type Follows =
  /** The state is tried again. `delaySeconds` is the longest that the wait may take, before jitter. */
  | {
      readonly type: 'retry';
      readonly state: string;
      readonly errorEquals: readonly string[];
      readonly retry: number;
      readonly maxAttempts: number;
      readonly delaySeconds: number;
    }
  | { readonly type: 'catch'; readonly state: string; readonly errorEquals: readonly string[]; readonly next: string }
  | { readonly type: 'next'; readonly state: string; readonly next: string }
  /** A branch of a Parallel, or an item of a Map, is done. */
  | { readonly type: 'branch-done'; readonly state: string; readonly within: string }
  | { readonly type: 'execution-succeeds' }
  | { readonly type: 'execution-fails'; readonly error: string };

interface Place {
  readonly state: State;
  /** The Parallel or Map states around it, the outermost first. */
  readonly around: readonly State[];
}

/**
 * @param retries how often the state has been tried again in this visit (`$$.State.RetryCount`). Which Retry each of them used is not known:
 * all of them are counted for the one that matches.
 * @returns undefined where the machine has no such state
 */
export function whatFollows(
  machine: StateMachine,
  stateName: string,
  end: StateEnd,
  retries: number,
): Follows | undefined {
  const place = findState(machine.flow, stateName, []);
  if (place === undefined) return undefined;
  return end.type === 'success' ? afterSuccess(place) : afterFailure(place, end.error, retries);
}

function afterSuccess({ state, around }: Place): Follows {
  const next = 'next' in state ? state.next : undefined;
  if (next !== undefined) return { type: 'next', state: state.name, next };
  const within = around.at(-1);
  return within === undefined
    ? { type: 'execution-succeeds' }
    : { type: 'branch-done', state: state.name, within: within.name };
}

/** What no Retry and no Catch takes fails the state around. How often that one was tried is not known: it counts from the start. */
function afterFailure({ state, around }: Place, error: string, retries: number): Follows {
  const handlers: Handlers = 'retry' in state ? state : { retry: [], catch: [] };
  const failure = new StateFailure(error);
  const retrier = findRetrier(handlers, failure);
  if (retrier !== undefined && retries < retrier.maxAttempts) return retried(state, retrier, retries);
  const catcher: Catcher | undefined = findCatcher(handlers, failure);
  if (catcher !== undefined) {
    return { type: 'catch', state: state.name, errorEquals: catcher.errorEquals, next: catcher.next };
  }
  const within = around.at(-1);
  if (within === undefined) return { type: 'execution-fails', error };
  return afterFailure({ state: within, around: around.slice(0, -1) }, error, 0);
}

const retried = (state: State, retrier: Retrier, retries: number): Follows => ({
  type: 'retry',
  state: state.name,
  errorEquals: retrier.errorEquals,
  retry: retries + 1,
  maxAttempts: retrier.maxAttempts,
  delaySeconds: Math.min(retrier.intervalSeconds * retrier.backoffRate ** retries, retrier.maxDelaySeconds ?? Infinity),
});

function findState(flow: Flow, name: string, around: readonly State[]): Place | undefined {
  const here = flow.states.get(name);
  if (here !== undefined) return { state: here, around };
  for (const state of flow.states.values()) {
    for (const inner of flowsIn(state)) {
      const found = findState(inner, name, [...around, state]);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function flowsIn(state: State): readonly Flow[] {
  if (state.type === 'Parallel') return state.branches;
  return state.type === 'Map' ? [state.processor] : [];
}
