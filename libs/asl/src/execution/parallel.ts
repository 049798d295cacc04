import { Payload } from '../data/payload.ts';
import type { Flow, ParallelState } from '../definition/state-machine.ts';
import type { Branch, Steps, Visit } from './branch.ts';
import { argumentsOf } from './data-flow.ts';
import { runBranches, unfinished } from './run-branches.ts';

/** Runs the branches side by side. The first failure aborts the others. @throws {StateFailure} */
export function* runParallel(visit: Visit, state: ParallelState): Steps<Payload> {
  const { branch } = visit;
  const { engine } = branch;
  const input = yield* argumentsOf(visit);
  if (!visit.branches) engine.record(branch, 'ParallelStateStarted');
  const branches = (visit.branches ??= []);
  const begin = (index: number): Branch => {
    const child = (branches[index] ??= branch.child());
    child.lastEventId = branch.lastEventId;
    engine.start(child, engine.runFlow(child, state.branches[index] as Flow, input));
    return child;
  };
  const ended = (child: Branch): void => {
    branch.lastEventId = child.lastEventId;
    if (!child.failure) return;
    for (const each of child.failure.isFatal ? [] : branches) engine.abort(each, child.lastEventId);
    throw child.failure;
  };
  yield* runBranches(branch, unfinished(branches, state.branches.length), () => Infinity, begin, ended);
  engine.append(branch, 'ParallelStateSucceeded', branch.lastEventId);
  return Payload.ofValue(branches.map((child) => (child.output as Payload).value));
}
