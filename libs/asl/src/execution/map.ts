import { Payload } from '../data/payload.ts';
import type { MapState } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Branch, MapItem, Steps, Visit } from './branch.ts';
import { runMapRun } from './distributed-map.ts';
import type { StateFailure } from './failure.ts';
import { concurrency, itemsOf, selectItem } from './map-items.ts';
import { runBranches, unfinished } from './run-branches.ts';

/** The most iterations that an inline Map runs at once (documented: Map state in Inline mode). */
const MAX_CONCURRENCY = 40;

/** Runs the processor for every item. The first failure aborts the other iterations. @throws {StateFailure} */
export function* runMap(visit: Visit, state: MapState): Steps<Payload> {
  const { branch } = visit;
  const { mode } = state;
  const items = mode.kind === 'DISTRIBUTED' && mode.unsupported === 'ItemReader' ? [] : yield* itemsOf(visit, state);
  if (!visit.branches) {
    branch.engine.record(branch, 'MapStateStarted', 'mapStateStartedEventDetails', { length: items.length });
  }
  const outputs =
    mode.kind === 'DISTRIBUTED' ? yield* runMapRun(visit, state, mode, items) : yield* runInline(visit, state, items);
  return Payload.ofValue(outputs);
}

function* runInline(visit: Visit, state: MapState, items: readonly Json[]): Steps<Json[]> {
  const { branch } = visit;
  const { engine } = branch;
  const limit = yield* concurrency(visit, state, MAX_CONCURRENCY);
  const iterations = (visit.branches ??= []);
  const begin = (index: number): Branch => {
    const iteration = (iterations[index] ??= branch.child({ index, value: items[index] as Json }));
    iteration.lastEventId = recordIteration('Started', iteration, state, branch.lastEventId);
    engine.start(iteration, runIteration(visit, state, iteration));
    return iteration;
  };
  let endedBy: number | undefined;
  const ended = (iteration: Branch): void => {
    branch.lastEventId = iteration.lastEventId;
    if (!iteration.output) abortIterations(iterations, iteration, state);
    endedBy = recordIteration('Succeeded', iteration, state, iteration.lastEventId);
  };
  yield* runBranches(branch, unfinished(iterations, items.length), () => limit, begin, ended);
  // A new iteration follows the last event inside the one that made room for it. What comes after the Map follows the last
  // MapIterationSucceeded (recorded: test_map_state_nested).
  branch.lastEventId = endedBy ?? branch.lastEventId;
  engine.append(branch, 'MapStateSucceeded', branch.lastEventId);
  return iterations.map((iteration) => (iteration.output as Payload).value);
}

/** Aborts the other iterations, unless the failure ends the execution. @throws {StateFailure} the failure of the iteration */
function abortIterations(iterations: readonly Branch[], failed: Branch, state: MapState): never {
  const { engine, lastEventId } = failed;
  const failure = failed.failure as StateFailure;
  if (failure.isFatal) throw failure;
  recordIteration('Failed', failed, state, lastEventId);
  engine.abort(failed, lastEventId);
  for (const iteration of iterations) {
    if (iteration === failed || iteration.output) continue;
    recordIteration('Aborted', iteration, state, lastEventId);
    engine.abort(iteration, lastEventId);
  }
  throw failure;
}

function recordIteration(
  phase: 'Started' | 'Succeeded' | 'Failed' | 'Aborted',
  iteration: Branch,
  state: MapState,
  previousEventId: number,
): number {
  const details = { name: state.name, index: (iteration.item as MapItem).index };
  return iteration.engine.append(
    iteration,
    `MapIteration${phase}`,
    previousEventId,
    `mapIteration${phase}EventDetails`,
    details,
  );
}

function* runIteration(visit: Visit, state: MapState, iteration: Branch): Steps<Payload> {
  const input = yield* selectItem(visit, state, iteration);
  return yield* iteration.engine.runFlow(iteration, state.processor, input);
}
