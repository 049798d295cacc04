import { DataFailure } from '../data/data-failure.ts';
import { evaluateExpression } from '../data/expression.ts';
import type { Dynamic, FailState } from '../definition/state-machine.ts';
import type { Steps, Visit } from './branch.ts';
import { pathScope, resolve } from './data-flow.ts';
import { StateFailure } from './failure.ts';

/** Fails with Error and Cause. @throws {StateFailure} always */
export function* fail(visit: Visit, state: FailState): Steps<never> {
  const error = yield* text(visit, state.error);
  const cause = yield* text(visit, state.cause);
  throw new StateFailure(error, cause);
}

function* text(visit: Visit, field: Dynamic<string> | undefined): Steps<string | undefined> {
  if (!field) return undefined;
  const value =
    field.kind === 'path'
      ? evaluateExpression(field.expression, field.field, pathScope(visit, visit.input.value))
      : yield* resolve(visit, field);
  if (typeof value === 'string') return value;
  throw new DataFailure(
    field.kind === 'jsonata' ? 'States.QueryEvaluationError' : 'States.Runtime',
    `The field '${field.kind === 'constant' ? '' : field.field}' must be a string but was: ${JSON.stringify(value)}`,
    field.kind === 'jsonata' ? field.field : undefined,
  );
}
