import { compare } from '../data/comparison.ts';
import { DataFailure } from '../data/data-failure.ts';
import { find, type JsonPath, type PathScope } from '../data/json-path.ts';
import { Payload } from '../data/payload.ts';
import type { Condition, ChoiceRule, ChoiceState } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { assignedBy, conclude, effectiveInput, fill, pathScope, type Passage, resolve, typeName } from './data-flow.ts';

/** Follows the first rule whose condition holds, or Default. @throws {DataFailure} when there is neither */
export function* choose(visit: Visit, state: ChoiceState): Steps<Passage> {
  const input = effectiveInput(visit);
  for (const [index, rule] of state.rules.entries()) {
    if (yield* holds(visit, rule.condition, input, index)) return yield* follow(visit, rule, input, index);
  }
  if (state.otherwise === undefined) {
    throw new DataFailure(
      'States.Runtime',
      'Failed to transition out of the state. The state does not point to a next state.',
    );
  }
  return yield* conclude(visit, input, state.otherwise);
}

/** Takes the rule's Output and Assign instead of the state's. */
function* follow(visit: Visit, rule: ChoiceRule, input: Payload, index: number): Steps<Passage> {
  const { next } = rule;
  const place = `Choices[${index}]`;
  const assigned = yield* assignedBy(visit, rule.assign, `${place}/Assign`, input.value, undefined);
  if (rule.output)
    return { output: Payload.ofValue(yield* fill(visit, rule.output, `${place}/Output`, undefined)), assigned, next };
  const output = visit.state.data.language === 'JSONPath' ? (yield* conclude(visit, input, next)).output : input;
  return { output, assigned, next };
}

function* holds(visit: Visit, condition: Condition, input: Payload, index: number): Steps<boolean> {
  switch (condition.kind) {
    case 'and':
      for (const inner of condition.conditions) if (!(yield* holds(visit, inner, input, index))) return false;
      return true;
    case 'or':
      for (const inner of condition.conditions) if (yield* holds(visit, inner, input, index)) return true;
      return false;
    case 'not':
      return !(yield* holds(visit, condition.condition, input, index));
    case 'jsonata':
      return yield* isTrue(visit, condition, index);
    case 'compare':
      return comparison(visit, condition, input);
  }
}

function* isTrue(visit: Visit, condition: Condition & { kind: 'jsonata' }, index: number): Steps<boolean> {
  const field = `Choices[${index}]/${condition.field}`;
  const value = yield* resolve(visit, { kind: 'jsonata', field, expression: condition.expression });
  if (typeof value === 'boolean') return value;
  throw new DataFailure(
    'States.QueryEvaluationError',
    `The JSONata expression '${condition.expression.text}' specified for the field '${field}' returned an unexpected result type. ` +
      `Expected 'boolean', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    field,
  );
}

function comparison(visit: Visit, condition: Condition & { kind: 'compare' }, input: Payload): boolean {
  const scope = pathScope(visit, input.value);
  const { variable, operator, operand } = condition;
  const wanted = operand.kind === 'constant' ? operand.value : operandAt(operand.path, scope);
  if (operator === 'IsPresent') return 'value' in find(variable, scope) === wanted;
  return compare(operator, operandAt(variable, scope), wanted);
}

function operandAt(path: JsonPath, scope: PathScope): Json {
  const found = find(path, scope);
  if ('value' in found) return found.value;
  throw new DataFailure(
    'States.Runtime',
    `Invalid path '${path.text}': The choice state's condition path references an invalid value.`,
  );
}
