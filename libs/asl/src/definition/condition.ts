import type { JsonPath } from '../data/json-path.ts';
import type { JsonataExpression } from '../data/jsonata-template.ts';
import type { Json } from '../protocol.ts';

/** When a Choice rule applies. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'compare'; readonly variable: JsonPath; readonly operator: string; readonly operand: Operand }
  | { readonly kind: 'jsonata'; readonly expression: JsonataExpression; readonly field: string };

export type Operand =
  { readonly kind: 'constant'; readonly value: Json } | { readonly kind: 'path'; readonly path: JsonPath };
