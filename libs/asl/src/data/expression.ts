import type { EnginePorts, Json } from '../protocol.ts';
import { DataFailure } from './data-failure.ts';
import { type IntrinsicCall, evaluateIntrinsic, parseIntrinsicCall } from './intrinsic-call.ts';
import { find, type JsonPath, type PathScope, parseJsonPath } from './json-path.ts';

/** What stands in a member whose name ends in `.$`: a path or a call of an intrinsic function. */
export type Expression =
  { readonly kind: 'path'; readonly path: JsonPath } | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** Where an expression is evaluated. */
export interface ExpressionScope extends PathScope {
  readonly ports: EnginePorts;
}

/** @throws {SyntaxError} when the text is neither a path nor a call */
export function parseExpression(text: string): Expression {
  return text.startsWith('States.')
    ? { kind: 'call', call: parseIntrinsicCall(text) }
    : { kind: 'path', path: parseJsonPath(text) };
}

/** @throws {DataFailure} when a path leads nowhere or a function refuses its arguments; `field` is named in the message */
export function evaluateExpression(expression: Expression, field: string, scope: ExpressionScope): Json {
  if (expression.kind === 'call') return evaluateIntrinsic(expression.call, field, scope);
  return valueAt(expression.path, field, scope);
}

/** An index past the end of an array gives null. @throws {DataFailure} for a path of a template that leads nowhere */
export function valueAt(path: JsonPath, field: string, scope: PathScope): Json {
  const found = find(path, scope);
  if ('value' in found) return found.value;
  if (found.pastEnd) return null;
  const input = JSON.stringify(path.root.kind === 'context' ? scope.context() : scope.input);
  throw new DataFailure(
    'States.Runtime',
    `The JSONPath '${path.text}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}

/** @throws {DataFailure} for a path of InputPath, OutputPath, ItemsPath and the like that leads nowhere */
export function selectAt(path: JsonPath, scope: PathScope): Json {
  const found = find(path, scope);
  if ('value' in found) return found.value;
  const reason = found.last ? `No results for path: ${found.missing}` : `Missing property in path ${found.missing}`;
  throw new DataFailure('States.Runtime', `Invalid path '${path.text}' : ${reason}`);
}
