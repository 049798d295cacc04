import { Payload } from '../data/payload.ts';
import type { ParallelState } from '../definition/state-machine.ts';
import { Branch, type Steps, type Visit } from './branch.ts';
import { argumentsOf } from './data-flow.ts';

/** Runs the branches side by side; the first failure aborts the others. @throws {StateFailure} */
export function* runParallel(visit: Visit, state: ParallelState): Steps<Payload> {
  const { branch } = visit;
  const { execution } = branch;
  const input = yield* argumentsOf(visit);
  execution.record(branch, 'ParallelStateStarted');
  const branches = state.branches.map(() => new Branch(execution, branch));
  try {
    for (const [index, child] of branches.entries()) execution.start(child, state.branches[index] as never, input);
    for (let open = branches.length; open > 0; open -= 1) {
      const ended = yield* execution.nextEnded();
      branch.lastEventId = ended.lastEventId;
      if (ended.outcome && 'failure' in ended.outcome) {
        for (const child of branches) execution.abort(child, ended.lastEventId);
        execution.record(branch, 'ParallelStateFailed');
        throw ended.outcome.failure;
      }
    }
  } finally {
    for (const child of branches) execution.drop(child);
  }
  execution.append('ParallelStateSucceeded', branch.lastEventId);
  return Payload.ofValue(branches.map((child) => (child.outcome as { output: Payload }).output.value));
}
