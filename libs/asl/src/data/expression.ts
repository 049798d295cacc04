import type { Json } from '../protocol.ts';
import { type ExpressionScope, type IntrinsicCall, evaluateIntrinsic, parseIntrinsicCall } from './intrinsic-call.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';

/** The value of a member whose name ends in `.$`: a path or a call of an intrinsic function. */
export type Expression =
  { readonly kind: 'path'; readonly path: JsonPath } | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** @throws {SyntaxError} when the text is neither a path nor a call of an intrinsic function */
export function parseExpression(text: string): Expression {
  return text.startsWith('States.')
    ? { kind: 'call', call: parseIntrinsicCall(text) }
    : { kind: 'path', path: parseJsonPath(text) };
}

/**
 * @param field the field's name, for the error message
 * @throws {DataFailure} when a path finds nothing or a function rejects its arguments
 */
export function evaluateExpression(expression: Expression, field: string, scope: ExpressionScope): Json {
  if (expression.kind === 'call') return evaluateIntrinsic(expression.call, field, scope);
  return valueAt(expression.path, field, scope);
}
