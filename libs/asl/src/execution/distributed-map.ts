import { Payload } from '../data/payload.ts';
import type { DistributedMode, MapState } from '../definition/state-machine.ts';
import { inputDetails } from '../history.ts';
import type { Json } from '../protocol.ts';
import { batchItems } from './batch-items.ts';
import type { Branch, Steps, Visit } from './branch.ts';
import { StateFailure } from './failure.ts';
import { MapRun, type Tolerance } from './map-run.ts';
import { concurrency, selectItem } from './map-items.ts';
import { runBranches, unfinished } from './run-branches.ts';
import { toleranceOf } from './tolerance.ts';

/** The most child executions at once (documented: Map state in Distributed mode). */
const MAX_CONCURRENCY = 10_000;

/** The item or batch of a child execution, and the child's input after ItemSelector. */
interface ChildInput {
  readonly value: Json;
  readonly payload: Payload;
}

/** Runs every item (or batch of items) as a child execution with its own history. @throws {StateFailure} */
export function* runMapRun(
  visit: Visit,
  state: MapState,
  mode: DistributedMode,
  items: readonly Json[],
): Steps<Json[]> {
  const { branch } = visit;
  const { engine } = branch;
  const limit = yield* concurrency(visit, state, MAX_CONCURRENCY);
  const tolerance = yield* toleranceOf(visit, mode);
  const label = mode.label ?? engine.ports.uuid();
  const run = openRun(visit, label, limit, tolerance);
  if (mode.unsupported)
    throw failed(branch, run, 'States.ItemReaderFailed', `${mode.unsupported} is not supported here: there is no S3.`);

  const inputs = yield* childInputs(visit, state, mode, items);
  const children = (visit.branches ??= []);
  Object.assign(run, { total: inputs.length, items: items.length, children });
  const begin = (index: number): Branch => {
    const input = inputs[index] as ChildInput;
    const child = (children[index] ??= newChild(branch, label, index, input));
    engine.start(child, engine.runFlow(child, state.processor, input.payload));
    return child;
  };
  let failures = 0;
  const ended = (child: Branch): void => {
    if (child.failure) failures += 1;
    if (!exceeds(run.tolerance, failures, inputs.length)) return;
    throw failed(
      branch,
      run,
      'States.ExceedToleratedFailureThreshold',
      'The specified tolerated failure threshold was exceeded',
    );
  };
  try {
    yield* runBranches(branch, unfinished(children, inputs.length), () => run.maxConcurrency || limit, begin, ended);
    run.status = 'SUCCEEDED';
  } finally {
    if (run.status === 'RUNNING') run.status = 'ABORTED';
    run.stopDate = engine.now;
  }
  // MapStateExited follows MapRunStarted (recorded: test_map_state_config_distributed_items_path_from_previous, and all others
  // since November 2024). In the recordings up to June 2024 it follows MapRunSucceeded.
  const succeeded = engine.append(branch, 'MapRunSucceeded', branch.lastEventId);
  engine.append(branch, 'MapStateSucceeded', succeeded);
  return children.flatMap(({ output }) => (output ? [output.value] : []));
}

/** Applies ItemSelector to every item, then ItemBatcher. */
function* childInputs(
  visit: Visit,
  state: MapState,
  mode: DistributedMode,
  items: readonly Json[],
): Steps<ChildInput[]> {
  const inputs: ChildInput[] = [];
  for (const [index, value] of items.entries()) {
    const iteration = visit.branch.child({ index, value });
    inputs.push({ value, payload: yield* selectItem(visit, state, iteration) });
  }
  if (!mode.batcher) return inputs;
  const selected = inputs.map(({ payload }) => payload.value);
  const batches = yield* batchItems(visit, mode.batcher, selected);
  return batches.map((value) => ({ value, payload: Payload.ofValue(value) }));
}

function openRun(visit: Visit, label: string, limit: number, tolerance: Tolerance): MapRun {
  const { branch } = visit;
  const { engine, identity } = branch;
  if (visit.mapRun) {
    const { redriveCount } = identity;
    const details = { mapRunArn: visit.mapRun.arn, redriveCount };
    engine.record(branch, 'MapRunRedriven', 'mapRunRedrivenEventDetails', details);
    return Object.assign(visit.mapRun, { status: 'RUNNING', stopDate: undefined, redriveCount });
  }
  const mapRunArn = `${arnPrefix(identity.stateMachineArn)}:mapRun:${identity.stateMachineName}/${label}:${engine.ports.uuid()}`;
  engine.record(branch, 'MapRunStarted', 'mapRunStartedEventDetails', { mapRunArn });
  const run = new MapRun(mapRunArn, engine.now, limit === MAX_CONCURRENCY ? 0 : limit, tolerance);
  visit.mapRun = run;
  (engine.mapRuns ??= []).push(run);
  return run;
}

function newChild(parent: Branch, label: string, index: number, { value, payload }: ChildInput): Branch {
  const { engine, identity } = parent;
  const name = engine.ports.uuid();
  const machine = `${identity.stateMachineName}/${label}`;
  const own = {
    ...identity,
    name,
    executionArn: `${arnPrefix(identity.stateMachineArn)}:execution:${machine}:${name}`,
    startTime: engine.now,
    stateMachineArn: `${identity.stateMachineArn}/${label}`,
    stateMachineName: machine,
  };
  const child = parent.childExecution({ index, value }, own, payload);
  const details = { ...inputDetails(payload.text), roleArn: identity.roleArn };
  engine.append(child, 'ExecutionStarted', 0, 'executionStartedEventDetails', details);
  return child;
}

/** Returns whether the run fails: when either threshold is exceeded or, without thresholds, at the first failure. */
function exceeds({ count, percentage }: Tolerance, failures: number, total: number): boolean {
  if (failures === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  return (
    (count !== undefined && failures > count) || (percentage !== undefined && (100 * failures) / total > percentage)
  );
}

function failed(
  branch: Branch,
  run: MapRun,
  error: 'States.ItemReaderFailed' | 'States.ExceedToleratedFailureThreshold',
  cause: string,
): StateFailure {
  Object.assign(run, { status: 'FAILED', stopDate: branch.engine.now });
  branch.engine.record(branch, 'MapRunFailed', 'mapRunFailedEventDetails', { error, cause });
  return new StateFailure(error, cause);
}

/** `arn:aws:states:REGION:ACCOUNT` */
const arnPrefix = (arn: string): string => arn.split(':').slice(0, 5).join(':');
