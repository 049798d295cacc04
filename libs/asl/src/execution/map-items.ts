import { DataFailure } from '../data/data-failure.ts';
import { find, type JsonPath, selectAt } from '../data/json-path.ts';
import type { JsonataTemplate } from '../data/jsonata-template.ts';
import { fillTemplate, type PayloadTemplate } from '../data/payload-template.ts';
import { Payload } from '../data/payload.ts';
import type { MapState } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Branch, MapItem, Steps, Visit } from './branch.ts';
import { effectiveInput, fill, integerOf, pathConflict, pathScope, resolve, typeName } from './data-flow.ts';

/** Returns the value at ItemsPath. Not found in the input is a conflict, as for a reference path (measured on AWS). */
function itemsAt(visit: Visit, path: JsonPath): Json {
  const input = effectiveInput(visit);
  const scope = pathScope(visit, input.value);
  const found = find(path, scope);
  if (!('value' in found) && path.root.kind === 'input') throw pathConflict(found.step, input);
  return selectAt(path, scope);
}

/** Returns the array that a Map runs over: from ItemsPath, Items or its input. @throws {DataFailure} when it is not an array */
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

/** Returns the input of an iteration. In ItemSelector, `$` is the Map's input; the item is in the context object. */
export function* selectItem(visit: Visit, state: MapState, iteration: Branch): Steps<Payload> {
  if (!state.itemSelector) return Payload.ofValue((iteration.item as MapItem).value);
  const inner: Visit = { ...visit, branch: iteration };
  if (state.data.language === 'JSONata') {
    return Payload.ofValue(yield* fill(inner, state.itemSelector as JsonataTemplate, 'ItemSelector', undefined));
  }
  const scope = pathScope(inner, effectiveInput(visit).value);
  return Payload.ofValue(fillTemplate(state.itemSelector as PayloadTemplate, scope));
}

/** Returns MaxConcurrency, and `limit` when it is 0 or larger than that. @throws {DataFailure} when it is not a valid number */
export function* concurrency(visit: Visit, state: MapState, limit: number): Steps<number> {
  const value = yield* resolve(visit, state.maxConcurrency);
  const number = integerOf(state.maxConcurrency, value);
  if (number !== undefined && number >= 0) return Math.min(number || limit, limit);
  const message = `MaxConcurrency must be a non-negative integer but was: ${JSON.stringify(value)}`;
  if (state.maxConcurrency.kind !== 'jsonata') throw new DataFailure('States.Runtime', message);
  throw new DataFailure('States.QueryEvaluationError', message, 'MaxConcurrency');
}
