import { Payload } from '../data/payload.ts';
import { fillTemplate, type PayloadTemplate } from '../data/payload-template.ts';
import type { JsonataTemplate } from '../data/jsonata-template.ts';
import type { MapState } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import { Branch, type Outcome, type Steps, type Visit } from './branch.ts';
import { effectiveInput, fill, integerOf, pathScope, resolve } from './data-flow.ts';
import { runMapRun } from './distributed-map.ts';
import { DataFailure } from '../data/data-failure.ts';
import { itemsOf } from './map-items.ts';
import { runFlow } from './run-flow.ts';

/** An inline Map never runs more iterations at once, whatever its MaxConcurrency. */
const MOST_INLINE = 40;

/** Runs the processor for every item. The first failure aborts the other iterations. @throws {StateFailure} */
export function* runMap(visit: Visit, state: MapState): Steps<Payload> {
  const { branch } = visit;
  const { mode } = state;
  const items = mode.kind === 'DISTRIBUTED' && mode.unsupported === 'ItemReader' ? [] : yield* itemsOf(visit, state);
  branch.execution.record(branch, 'MapStateStarted', 'mapStateStartedEventDetails', { length: items.length });
  const outputs =
    mode.kind === 'DISTRIBUTED' ? yield* runMapRun(visit, state, mode, items) : yield* runInline(visit, state, items);
  branch.execution.append(branch, 'MapStateSucceeded', branch.lastEventId);
  return Payload.ofValue(outputs);
}

function* runInline(visit: Visit, state: MapState, items: readonly Json[]): Steps<Json[]> {
  const { branch } = visit;
  const { execution } = branch;
  const most = yield* concurrency(visit, state, MOST_INLINE);
  const iterations: Branch[] = [];
  const told = (iteration: Branch): Readonly<Record<string, unknown>> => ({
    name: state.name,
    index: iteration.item?.index,
  });
  const begin = (): void => {
    const index = iterations.length;
    const iteration = new Branch(execution, branch, { index, value: items[index] as Json });
    execution.record(iteration, 'MapIterationStarted', 'mapIterationStartedEventDetails', told(iteration));
    iterations.push(iteration);
    execution.start(iteration, runIteration(visit, state, iteration));
  };
  try {
    for (let ended = 0; ended < items.length; ended += 1) {
      while (iterations.length < items.length && iterations.length - ended < most) begin();
      const iteration = yield* execution.nextEnded();
      branch.lastEventId = iteration.lastEventId;
      const outcome = iteration.outcome as Outcome;
      if ('output' in outcome) {
        execution.append(
          branch,
          'MapIterationSucceeded',
          branch.lastEventId,
          'mapIterationSucceededEventDetails',
          told(iteration),
        );
        continue;
      }
      execution.append(
        branch,
        'MapIterationFailed',
        branch.lastEventId,
        'mapIterationFailedEventDetails',
        told(iteration),
      );
      abortIterations(iterations, iteration, told);
      throw outcome.failure;
    }
  } finally {
    for (const iteration of iterations) execution.drop(iteration);
  }
  return iterations.map((iteration) => (iteration.outcome as { output: Payload }).output.value);
}

function abortIterations(
  iterations: readonly Branch[],
  failed: Branch,
  told: (iteration: Branch) => Readonly<Record<string, unknown>>,
): void {
  const { execution, lastEventId } = failed;
  execution.abort(failed, lastEventId);
  for (const iteration of iterations) {
    if (iteration === failed || (iteration.outcome && 'output' in iteration.outcome)) continue;
    execution.append(iteration, 'MapIterationAborted', lastEventId, 'mapIterationAbortedEventDetails', told(iteration));
    execution.abort(iteration, lastEventId);
  }
}

/** ItemSelector, then the processor. `$` is the Map's input; the item stands in the context. */
export function* runIteration(visit: Visit, state: MapState, iteration: Branch): Steps<Payload> {
  return yield* runFlow(iteration, state.processor, yield* selectItem(visit, state, iteration));
}

export function* selectItem(visit: Visit, state: MapState, iteration: Branch): Steps<Payload> {
  const value = (iteration.item as { value: Json }).value;
  if (!state.itemSelector) return Payload.ofValue(value);
  const inner: Visit = { ...visit, branch: iteration };
  if (state.data.language === 'JSONata') {
    return Payload.ofValue(yield* fill(inner, state.itemSelector as JsonataTemplate, 'ItemSelector', undefined));
  }
  const scope = pathScope(inner, effectiveInput(visit).value);
  return Payload.ofValue(fillTemplate(state.itemSelector as PayloadTemplate, scope));
}

/** MaxConcurrency, where 0 means as many as possible. */
export function* concurrency(visit: Visit, state: MapState, most: number): Steps<number> {
  const value = yield* resolve(visit, state.maxConcurrency);
  const number = integerOf(state.maxConcurrency, value);
  if (number !== undefined && number >= 0) return Math.min(number || most, most);
  const jsonata = state.maxConcurrency.kind === 'jsonata';
  throw new DataFailure(
    jsonata ? 'States.QueryEvaluationError' : 'States.Runtime',
    `MaxConcurrency must be a non-negative integer but was: ${JSON.stringify(value)}`,
    jsonata ? 'MaxConcurrency' : undefined,
  );
}
