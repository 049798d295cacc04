import { Payload } from '../data/payload.ts';
import type { ParallelState } from '../definition/state-machine.ts';
import { Branch, type Steps, type Visit } from './branch.ts';
import { argumentsOf } from './data-flow.ts';
import { runFlow } from './run-flow.ts';

/** Runs the branches side by side; the first failure aborts the others. @throws {StateFailure} */
export function* runParallel(visit: Visit, state: ParallelState): Steps<Payload> {
  const { branch } = visit;
  const { execution } = branch;
  const input = yield* argumentsOf(visit);
  execution.record(branch, 'ParallelStateStarted');
  const branches: Branch[] = [];
  try {
    for (const flow of state.branches) {
      const child = new Branch(execution, branch);
      branches.push(child);
      execution.start(child, runFlow(child, flow, input));
    }
    for (let ended = 0; ended < branches.length; ended += 1) {
      const { lastEventId, outcome } = yield* execution.nextEnded();
      branch.lastEventId = lastEventId;
      if (!outcome || 'output' in outcome) continue;
      for (const child of branches) execution.abort(child, lastEventId);
      throw outcome.failure;
    }
  } finally {
    for (const child of branches) execution.drop(child);
  }
  execution.append(branch, 'ParallelStateSucceeded', branch.lastEventId);
  return Payload.ofValue(branches.map((child) => (child.outcome as { output: Payload }).output.value));
}
