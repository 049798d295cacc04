import { Payload } from '../data/payload.ts';
import type { DistributedMode, Dynamic, MapState } from '../definition/state-machine.ts';
import { History, inputDetails } from '../history.ts';
import type { Json } from '../protocol.ts';
import { batchItems } from './batch-items.ts';
import { Branch, type Steps, type Visit } from './branch.ts';
import { integerOf, numberOf, resolve, shown } from './data-flow.ts';
import { DataFailure } from '../data/data-failure.ts';
import { StateFailure } from './failure.ts';
import { concurrency, selectItem } from './map.ts';
import { runFlow } from './run-flow.ts';

const MOST_CHILDREN = 10_000;

/** A Map Run: every item (or batch of items) is a child execution with a history of its own. @throws {StateFailure} */
export function* runMapRun(
  visit: Visit,
  state: MapState,
  mode: DistributedMode,
  items: readonly Json[],
): Steps<Json[]> {
  const { branch } = visit;
  const { execution } = branch;
  const most = yield* concurrency(visit, state, MOST_CHILDREN);
  const count = yield* toleratedCount(visit, mode.toleratedFailureCount);
  const percentage = yield* toleratedPercentage(visit, mode.toleratedFailurePercentage);
  const label = mode.label ?? execution.ports.uuid();
  const mapRunArn = mapRunArnOf(branch, label);
  execution.record(branch, 'MapRunStarted', 'mapRunStartedEventDetails', { mapRunArn });
  if (mode.unsupported)
    throw failed(branch, 'States.ItemReaderFailed', `${mode.unsupported} is not supported here: there is no S3.`);

  const inputs: { index: number; value: Json; payload: Payload }[] = [];
  for (const [index, value] of items.entries()) {
    const payload = yield* selectItem(visit, state, new Branch(execution, branch, { index, value }));
    inputs.push({ index, value, payload });
  }
  const batches = mode.batcher
    ? (yield* batchItems(
        visit,
        mode.batcher,
        inputs.map(({ payload }) => payload.value),
      )).map((value, index) => ({ index, value, payload: Payload.ofValue(value) }))
    : inputs;
  const children: Branch[] = [];
  let failures = 0;
  try {
    for (let ended = 0; ended < batches.length; ended += 1) {
      while (children.length < batches.length && children.length - ended < most) {
        children.push(startChild(branch, state, label, batches[children.length] as (typeof batches)[number]));
      }
      const child = yield* execution.nextEnded();
      if (child.outcome && 'failure' in child.outcome) failures += 1;
      if (exceeds(failures, batches.length, count, percentage)) {
        throw failed(
          branch,
          'States.ExceedToleratedFailureThreshold',
          'The specified tolerated failure threshold was exceeded',
        );
      }
    }
  } finally {
    for (const child of children) execution.drop(child);
  }
  execution.record(branch, 'MapRunSucceeded');
  return children.flatMap(({ outcome }) => (outcome && 'output' in outcome ? [outcome.output.value] : []));
}

function startChild(
  parent: Branch,
  state: MapState,
  label: string,
  { index, value, payload }: { index: number; value: Json; payload: Payload },
): Branch {
  const { execution, identity } = parent;
  const child = new Branch(execution, parent, { index, value }, new History());
  const name = execution.ports.uuid();
  const machine = `${identity.stateMachineName}/${label}`;
  child.identity = {
    ...identity,
    name,
    executionArn: `${arnPrefix(identity.stateMachineArn)}:execution:${machine}:${name}`,
    startTime: execution.now,
    stateMachineArn: `${identity.stateMachineArn}/${label}`,
    stateMachineName: machine,
  };
  child.input = payload;
  execution.append(child, 'ExecutionStarted', 0, 'executionStartedEventDetails', {
    ...inputDetails(payload.text),
    roleArn: identity.roleArn,
  });
  execution.start(child, runFlow(child, state.processor, payload));
  return child;
}

/** Either threshold, when it is exceeded, ends the run; without any, the first failure does. */
function exceeds(failures: number, total: number, count: number | undefined, percentage: number | undefined): boolean {
  if (failures === 0) return false;
  if (count === undefined && percentage === undefined) return true;
  return (
    (count !== undefined && failures > count) || (percentage !== undefined && (100 * failures) / total > percentage)
  );
}

function failed(
  branch: Branch,
  error: 'States.ItemReaderFailed' | 'States.ExceedToleratedFailureThreshold',
  cause: string,
): StateFailure {
  branch.execution.record(branch, 'MapRunFailed', 'mapRunFailedEventDetails', { error, cause });
  return new StateFailure(error, cause);
}

function mapRunArnOf({ execution, identity }: Branch, label: string): string {
  return `${arnPrefix(identity.stateMachineArn)}:mapRun:${identity.stateMachineName}/${label}:${execution.ports.uuid()}`;
}

/** `arn:aws:states:REGION:ACCOUNT` */
const arnPrefix = (arn: string): string => arn.split(':').slice(0, 5).join(':');

function* toleratedCount(visit: Visit, field: Dynamic<number> | undefined): Steps<number | undefined> {
  if (!field) return undefined;
  const value = yield* resolve(visit, field);
  const count = integerOf(field, value);
  if (count === undefined) throw notA('integer', 'ToleratedFailureCount', field, value);
  if (count < 0) throw outOfRange(field, 'ToleratedFailureCount cannot be negative.');
  return count;
}

function* toleratedPercentage(visit: Visit, field: Dynamic<number> | undefined): Steps<number | undefined> {
  if (!field) return undefined;
  const value = yield* resolve(visit, field);
  const percentage = numberOf(field, value);
  if (percentage === undefined) throw notA('float', 'ToleratedFailurePercentage', field, value);
  if (percentage < 0 || percentage > 100)
    throw outOfRange(field, 'ToleratedFailurePercentage must be between 0 and 100.');
  return percentage;
}

function notA(type: string, name: string, field: Dynamic<number>, value: Json): DataFailure {
  if (field.kind !== 'path')
    return new DataFailure(
      'States.QueryEvaluationError',
      `The ${name} field is not a valid ${type}: ${shown(value)}`,
      name,
    );
  return new DataFailure(
    'States.Runtime',
    `The ${field.field} field refers to value "${shown(value)}" which is not a valid ${type}: ${field.text}`,
  );
}

function outOfRange(field: Dynamic<number>, message: string): DataFailure {
  return field.kind === 'jsonata'
    ? new DataFailure('States.QueryEvaluationError', message, field.field)
    : new DataFailure('States.Runtime', message);
}
