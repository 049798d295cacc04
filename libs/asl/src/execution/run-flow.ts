import { DataFailure } from '../data/data-failure.ts';
import { Payload } from '../data/payload.ts';
import type { Catcher, Flow, Handlers, PassState, Retrier, State } from '../definition/state-machine.ts';
import { NOT_TRUNCATED } from '../history.ts';
import type { Branch, Steps, Visit } from './branch.ts';
import { choose } from './choice.ts';
import { argumentsOf, assignedBy, conclude, fill, mergeResult, type Passage } from './data-flow.ts';
import { fail } from './fail.ts';
import { StateFailure } from './failure.ts';
import { runMap } from './map.ts';
import { runParallel } from './parallel.ts';
import { findCatcher, nextRetryDelay, type RetryCounts } from './retry.ts';
import { runTask } from './task.ts';
import { wait } from './wait.ts';

/** Runs a flow from its first state, or from where a redriven branch had stopped, to its end. @throws {StateFailure} */
export function* runFlow(branch: Branch, flow: Flow, input: Payload): Steps<Payload> {
  let visit = branch.visit ?? enter(branch, flow.states.get(flow.startAt) as State, input);
  for (;;) {
    const { output, next } = yield* runState(visit);
    if (next === undefined) return output;
    visit = enter(branch, flow.states.get(next) as State, output);
  }
}

/**
 * Runs a state, with its retries, until it succeeds or a catcher takes over. A single generator, because hundreds of thousands of
 * executions may wait in it. @throws {StateFailure}
 */
function* runState(visit: Visit): Steps<Passage> {
  const { state, branch } = visit;
  let counts: RetryCounts | undefined;
  for (;;) {
    let passage: Passage;
    try {
      passage = yield* perform(visit);
    } catch (error) {
      const failure = failureOf(visit, error);
      if (!('retry' in state)) throw failure;
      const { engine } = branch;
      const delay = nextRetryDelay(state, failure, (counts ??= new Map<Retrier, number>()), engine.ports);
      if (delay !== undefined) {
        yield* engine.sleep(branch, engine.now + delay);
        visit.retryCount += 1;
        visit.branches = visit.mapRun = undefined;
        continue;
      }
      passage = yield* giveUp(visit, state, failure);
    }
    exit(visit, passage);
    return passage;
  }
}

/** Hands a failure to the first catcher that matches. @throws {StateFailure} when none does, or the catcher itself fails */
function* giveUp(visit: Visit, handlers: Handlers, failure: StateFailure): Steps<Passage> {
  const { branch } = visit;
  const { lastEventId } = branch;
  recordFailed(visit, failure);
  const catcher = findCatcher(handlers, failure);
  if (!catcher) throw failure;
  try {
    return yield* recover(visit, catcher, `Catch[${handlers.catch.indexOf(catcher)}]`, failure);
  } catch (error) {
    // The failure of a catcher follows the event that the state's own failure followed (measured on AWS).
    branch.lastEventId = lastEventId;
    const own = failureOf(visit, error);
    recordFailed(visit, own);
    throw own;
  }
}

/** Only Map and Parallel have an event for the failure of the state itself. */
function recordFailed({ branch, state }: Visit, failure: StateFailure): void {
  if (failure.isFatal || (state.type !== 'Map' && state.type !== 'Parallel')) return;
  branch.engine.record(branch, `${state.type}StateFailed`);
}

function perform(visit: Visit): Steps<Passage> {
  const { state } = visit;
  switch (state.type) {
    case 'Task':
      return work(visit, runTask(visit, state), state.next);
    case 'Parallel':
      return work(visit, runParallel(visit, state), state.next);
    case 'Map':
      return work(visit, runMap(visit, state), state.next);
    case 'Wait':
      return wait(visit, state);
    case 'Pass':
      return pass(visit, state);
    case 'Choice':
      return choose(visit, state);
    case 'Succeed':
      return conclude(visit, visit.input, undefined);
    case 'Fail':
      return fail(visit, state);
  }
}

/** Pass outputs Result or, without it, its input after Parameters. */
function* pass(visit: Visit, state: PassState): Steps<Passage> {
  const input = yield* argumentsOf(visit);
  return yield* conclude(visit, state.result === undefined ? input : Payload.ofValue(state.result), state.next);
}

function* work(visit: Visit, steps: Steps<Payload>, next: string | undefined): Steps<Passage> {
  return yield* conclude(visit, yield* steps, next);
}

function enter(branch: Branch, state: State, input: Payload): Visit {
  const { engine } = branch;
  const evaluationEventId = branch.lastEventId;
  const details = { name: state.name, input: input.text, inputDetails: NOT_TRUNCATED };
  const enteredEventId = engine.record(branch, `${state.type}StateEntered`, 'stateEnteredEventDetails', details);
  const enteredAt = engine.now;
  branch.visit = {
    branch,
    state,
    input,
    evaluationEventId,
    enteredEventId,
    enteredAt,
    retryCount: 0,
    token: undefined,
    branches: undefined,
    mapRun: undefined,
  };
  return branch.visit;
}

function exit(visit: Visit, { output, assigned }: Passage): void {
  const { branch, state } = visit;
  if (output.isTooLarge()) {
    const cause = `The state/task '${state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`;
    throw new StateFailure('States.DataLimitExceeded', cause);
  }
  const exited = { name: state.name, output: output.text, outputDetails: NOT_TRUNCATED };
  const details = assigned ? { ...exited, ...assignedDetails(assigned) } : exited;
  if (assigned) branch.variables.assign(assigned);
  branch.engine.record(branch, `${state.type}StateExited`, 'stateExitedEventDetails', details);
}

function assignedDetails(assigned: Passage['assigned']): Readonly<Record<string, unknown>> {
  if (!assigned || Object.keys(assigned).length === 0) return {};
  const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]);
  return { assignedVariables: Object.fromEntries(texts) as unknown, assignedVariablesDetails: { truncated: false } };
}

/** Makes the error the state's result, and goes on where the catcher says. */
function* recover(visit: Visit, catcher: Catcher, place: string, failure: StateFailure): Steps<Passage> {
  const { next } = catcher;
  const error = errorOutput(failure);
  const extra = { errorOutput: error };
  const assigned = yield* assignedBy(visit, catcher.assign, `${place}/Assign`, error, extra);
  const result = Payload.ofValue(error);
  if (visit.state.data.language === 'JSONPath') {
    return { output: mergeResult(visit, catcher.resultPath, result), assigned, next };
  }
  if (!catcher.output) return { output: result, assigned, next };
  return { output: Payload.ofValue(yield* fill(visit, catcher.output, `${place}/Output`, extra)), assigned, next };
}

/** The cause of a timeout is empty. Error and cause are null when a worker gave neither. */
function errorOutput({ error, cause }: StateFailure): { Error: string | null; Cause: string | null } {
  return { Error: error ?? null, Cause: cause ?? (error === undefined ? null : '') };
}

/** Turns a DataFailure into a StateFailure, which names the state, and records EvaluationFailed when it has a location. */
function failureOf(visit: Visit, error: unknown): StateFailure {
  if (!(error instanceof DataFailure)) {
    if (error instanceof StateFailure) return error;
    throw error;
  }
  const { branch, state, enteredEventId } = visit;
  const cause = `An error occurred while executing the state '${state.name}' (entered at the event id #${enteredEventId}). ${error.message}`;
  if (error.location !== undefined) {
    const details = {
      cause,
      error: error.error,
      ...(error.location !== null && { location: error.location }),
      state: state.name,
    };
    if (branch.lastEventId === enteredEventId) branch.lastEventId = visit.evaluationEventId;
    branch.engine.record(branch, 'EvaluationFailed', 'evaluationFailedEventDetails', details);
  }
  return new StateFailure(error.error, cause);
}
