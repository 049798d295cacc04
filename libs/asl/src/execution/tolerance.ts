import { DataFailure } from '../data/data-failure.ts';
import type { DistributedMode, Dynamic } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { integerOf, numberOf, resolve, shown } from './data-flow.ts';
import type { Tolerance } from './map-run.ts';

/** Evaluates ToleratedFailureCount and ToleratedFailurePercentage. @throws {DataFailure} when one is not a valid number */
export function* toleranceOf(visit: Visit, mode: DistributedMode): Steps<Tolerance> {
  const { toleratedFailureCount: countField, toleratedFailurePercentage: percentageField } = mode;
  const count = countField && checkedCount(countField, yield* resolve(visit, countField));
  const percentage = percentageField && checkedPercentage(percentageField, yield* resolve(visit, percentageField));
  return { count, percentage };
}

function checkedCount(field: Dynamic<number>, value: Json): number {
  const count = integerOf(field, value);
  if (count === undefined) throw notA('integer', 'ToleratedFailureCount', field, value);
  if (count < 0) throw outOfRange(field, 'ToleratedFailureCount cannot be negative.');
  return count;
}

function checkedPercentage(field: Dynamic<number>, value: Json): number {
  const percentage = numberOf(field, value);
  if (percentage === undefined) throw notA('float', 'ToleratedFailurePercentage', field, value);
  if (percentage < 0 || percentage > 100)
    throw outOfRange(field, 'ToleratedFailurePercentage must be between 0 and 100.');
  return percentage;
}

function notA(type: string, name: string, field: Dynamic<number>, value: Json): DataFailure {
  const problem = `which is not a valid ${type}`;
  if (field.kind === 'path') {
    return new DataFailure(
      'States.Runtime',
      `The ${field.field} field refers to value "${shown(value)}" ${problem}: ${field.text}`,
    );
  }
  return new DataFailure(
    'States.QueryEvaluationError',
    `The ${name} field has the value "${shown(value)}" ${problem}`,
    name,
  );
}

function outOfRange(field: Dynamic<number>, message: string): DataFailure {
  if (field.kind !== 'jsonata') return new DataFailure('States.Runtime', message);
  return new DataFailure('States.QueryEvaluationError', message, field.field);
}
