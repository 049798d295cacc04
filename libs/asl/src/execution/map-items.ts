import { DataFailure } from '../data/data-failure.ts';
import { selectAt } from '../data/expression.ts';
import { find, type JsonPath } from '../data/json-path.ts';
import type { MapState } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { effectiveInput, fill, pathConflict, pathScope, typeName } from './data-flow.ts';

/** ItemsPath is a reference path: where it leads nowhere in the input, that is a conflict. */
function itemsAt(visit: Visit, path: JsonPath): Json {
  const input = effectiveInput(visit);
  const scope = pathScope(visit, input.value);
  const found = find(path, scope);
  if (!('value' in found) && path.root.kind === 'input') throw pathConflict(found.step, input);
  return selectAt(path, scope);
}

/** The array that a Map runs over: ItemsPath, Items or its input. @throws {DataFailure} when it is no array */
export function* itemsOf(visit: Visit, { items, data }: MapState): Steps<readonly Json[]> {
  switch (items.kind) {
    case 'path': {
      const value = itemsAt(visit, items.path);
      if (Array.isArray(value)) return value;
      throw new DataFailure('States.Runtime', `Reference path "${items.path.text}" must point to array.`);
    }
    case 'input': {
      const value = effectiveInput(visit).value;
      if (Array.isArray(value)) return value;
      if (data.language === 'JSONPath')
        throw new DataFailure('States.Runtime', 'Reference path "$" must point to array.');
      throw new DataFailure(
        'States.QueryEvaluationError',
        `Map state input must be an array but was: ${JSON.stringify(value)}`,
        null,
      );
    }
    case 'jsonata': {
      const value = yield* fill(visit, items.template, 'Items', undefined);
      if (Array.isArray(value)) return value;
      const text = items.template.kind === 'expression' ? items.template.expression.text : '';
      throw new DataFailure(
        'States.QueryEvaluationError',
        `The JSONata expression '${text}' specified for the field 'Items' returned an unexpected result type. ` +
          `Expected 'array', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
        'Items',
      );
    }
  }
}
