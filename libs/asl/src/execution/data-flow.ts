import { DataFailure } from '../data/data-failure.ts';
import { evaluateExpression } from '../data/expression.ts';
import type { ExpressionScope } from '../data/intrinsic-call.ts';
import { type JsonPath, selectAt } from '../data/json-path.ts';
import { jsonataFunctions } from '../data/jsonata-functions.ts';
import { evaluateJsonata, fillJsonataTemplate, type JsonataTemplate } from '../data/jsonata-template.ts';
import { fillTemplate, type PayloadTemplate } from '../data/payload-template.ts';
import { Payload } from '../data/payload.ts';
import { insertAt, type ReferencePath } from '../data/reference-path.ts';
import type { Dynamic, JsonataFields, JsonPathFields } from '../definition/state-machine.ts';
import type { Json } from '../protocol.ts';
import type { Steps, Visit } from './branch.ts';
import { contextObject } from './context-object.ts';

/** How a flow leaves a state: with which output, assigned variables and next state. */
export interface Passage {
  readonly output: Payload;
  readonly assigned: Readonly<Record<string, Json>> | undefined;
  readonly next: string | undefined;
}

/** The member of `$states` besides input and context. */
export type StatesExtra = { readonly result: Json } | { readonly errorOutput: Json } | undefined;

type AnyTemplate = PayloadTemplate | JsonataTemplate;

export function pathScope(visit: Visit, input: Json): ExpressionScope {
  return {
    input,
    context: () => contextObject(visit),
    variable: (name) => visit.branch.variables.get(name),
    ports: visit.branch.engine.ports,
  };
}

/** Evaluates a JSONata template. @throws {DataFailure} */
export function* fill(visit: Visit, template: JsonataTemplate, field: string, extra: StatesExtra): Steps<Json> {
  if (template.kind === 'constant') return template.value;
  const bindings = bindingsOf(visit, extra);
  return yield* visit.branch.engine.evaluate(visit.branch, () => fillJsonataTemplate(template, field, bindings));
}

function bindingsOf(visit: Visit, extra: StatesExtra): Readonly<Record<string, unknown>> {
  const { variables, engine } = visit.branch;
  const states = { input: visit.input.value, context: contextObject(visit), ...extra };
  return { ...jsonataFunctions(engine.ports, engine.now), ...variables.all(), states };
}

/** Returns the state's input after InputPath. */
export function effectiveInput(visit: Visit): Payload {
  const { data } = visit.state;
  return data.language === 'JSONPath' ? select(visit, data.inputPath, visit.input) : visit.input;
}

function select(visit: Visit, path: JsonPath | null | undefined, payload: Payload): Payload {
  if (path === undefined || path?.text === '$') return payload;
  return Payload.ofValue(path === null ? {} : selectAt(path, pathScope(visit, payload.value)));
}

/** Returns what the state works on: its input after InputPath and Parameters, or Arguments. @throws {DataFailure} */
export function* argumentsOf(visit: Visit): Steps<Payload> {
  const { data } = visit.state;
  if (data.language === 'JSONata') {
    if (!data.arguments) return visit.input;
    return Payload.ofValue(yield* fill(visit, data.arguments, 'Arguments', undefined));
  }
  const input = effectiveInput(visit);
  if (!data.parameters) return input;
  return Payload.ofValue(fillTemplate(data.parameters, pathScope(visit, input.value)));
}

/** Makes the state's output of a result: ResultSelector, ResultPath and OutputPath, or Output. Evaluates Assign. @throws {DataFailure} */
export function* conclude(visit: Visit, result: Payload, next: string | undefined): Steps<Passage> {
  const { data } = visit.state;
  if (data.language === 'JSONata') return yield* concludeJsonata(visit, data, result, next);
  return concludeJsonPath(visit, data, result, next);
}

function* concludeJsonata(
  visit: Visit,
  data: JsonataFields,
  result: Payload,
  next: string | undefined,
): Steps<Passage> {
  // Only Task, Parallel and Map have a result.
  const extra = 'retry' in visit.state ? { result: result.value } : undefined;
  const assigned = data.assign && (yield* fill(visit, data.assign, 'Assign', extra));
  const output = data.output ? Payload.ofValue(yield* fill(visit, data.output, 'Output', extra)) : result;
  return { output, assigned: assigned as Passage['assigned'], next };
}

function concludeJsonPath(visit: Visit, data: JsonPathFields, result: Payload, next: string | undefined): Passage {
  const selected = data.resultSelector
    ? Payload.ofValue(fillTemplate(data.resultSelector, pathScope(visit, result.value)))
    : result;
  const assigned = data.assign && fillTemplate(data.assign, pathScope(visit, selected.value));
  const merged = mergeResult(visit, data.resultPath, selected);
  return { output: select(visit, data.outputPath, merged), assigned: assigned as Passage['assigned'], next };
}

/** Returns the state's input with the result inserted at ResultPath. @throws {DataFailure} States.ReferencePathConflict */
export function mergeResult(visit: Visit, path: ReferencePath | null, result: Payload): Payload {
  if (path === null) return visit.input;
  if (path.length === 0) return result;
  const merged = insertAt(visit.input.value, path, result.value);
  if ('value' in merged) return Payload.ofValue(merged.value);
  throw pathConflict(merged.conflict, visit.input);
}

/** The failure of a reference path that cannot be followed in a state's input. */
export const pathConflict = (step: string | number, input: Payload): DataFailure =>
  new DataFailure('States.ReferencePathConflict', `Unable to apply step "${step}" to input ${input.text}`);

/** Evaluates Assign. Returns the variables by name. */
export function* assignedBy(
  visit: Visit,
  template: AnyTemplate | undefined,
  field: string,
  input: Json,
  extra: StatesExtra,
): Steps<Passage['assigned']> {
  if (!template) return undefined;
  const values =
    visit.state.data.language === 'JSONata'
      ? yield* fill(visit, template as JsonataTemplate, field, extra)
      : fillTemplate(template as PayloadTemplate, pathScope(visit, input));
  return values as Passage['assigned'];
}

/** Returns the value of a field that is a constant, a path into the state's effective input, or an expression. */
export function* resolve<T extends string | number>(visit: Visit, field: Dynamic<T>): Steps<Json> {
  switch (field.kind) {
    case 'constant':
      return field.value;
    case 'path': {
      const scope = pathScope(visit, effectiveInput(visit).value);
      return field.expression.kind === 'path'
        ? selectAt(field.expression.path, scope)
        : evaluateExpression(field.expression, field.field, scope);
    }
    case 'jsonata': {
      const bindings = bindingsOf(visit, undefined);
      return yield* visit.branch.engine.evaluate(visit.branch, () =>
        evaluateJsonata(field.expression, field.field, bindings),
      );
    }
  }
}

/** Formats a value for a cause: strings as they are, everything else as JSON. */
export const shown = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Returns the name of a value's type for a cause. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Returns a field's value as an integer, undefined when it is not one. At a path, a number in a string counts. */
export function integerOf(field: Dynamic<number>, value: Json): number | undefined {
  const number = numberOf(field, value);
  return Number.isInteger(number) ? number : undefined;
}

/** Returns a field's value as a number, undefined when it is not one. At a path, a number in a string counts. */
export function numberOf(field: Dynamic<number>, value: Json): number | undefined {
  if (typeof value === 'number') return value;
  return field.kind === 'path' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : undefined;
}
