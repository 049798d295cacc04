import { lacksValue, matchesResource } from './arn-pattern.ts';
import type { Context } from './condition.ts';
import type { ActionPattern, Statement } from './document.ts';
import { matches, type Resolve } from './pattern.ts';
import { closenessOf, isSpared, type Closeness, type Principal } from './principal.ts';

/** A request, made ready for many statements. */
export interface Asked {
  readonly principal: Principal;
  /** In small letters. */
  readonly service: string;
  readonly name: string;
  /** The resource's ARN in parts; undefined for `*`. */
  readonly arn: readonly string[] | undefined;
  readonly context: Context;
  readonly resolve: Resolve;
  readonly bounded: boolean;
  readonly isKnownKey: (key: string) => boolean;
}

/** Whether a statement is about a request; `unknown` where that hangs on keys which nobody knows. */
export type Applies =
  | { readonly kind: 'no' }
  | { readonly kind: 'yes'; readonly closeness: Closeness }
  | { readonly kind: 'unknown'; readonly closeness: Closeness; readonly keys: readonly string[] };

const NO: Applies = { kind: 'no' };
const none: Resolve = () => undefined;

export function applies(statement: Statement, asked: Asked): Applies {
  const { actions, resources, principals, conditions } = statement;
  if (actions.patterns.some((pattern) => matchesAction(pattern, asked)) === actions.not) return NO;
  const closeness = principals === undefined ? 'itself' : closenessTo(principals, asked);
  if (closeness === 'none') return NO;
  if (resources !== undefined) {
    const found = resources.patterns.some((pattern) => matchesResource(pattern, asked.arn, asked.resolve));
    if (found === resources.not) return NO;
    if (resources.not && resources.patterns.some((pattern) => lacksValue(pattern, asked.resolve))) return NO;
  }
  const unknown: string[] = [];
  for (const condition of conditions) {
    if (!asked.isKnownKey(condition.key.toLowerCase())) unknown.push(condition.key);
    else if (!condition.holds(asked.context, asked.resolve)) return NO;
  }
  return unknown.length > 0 ? { kind: 'unknown', closeness, keys: unknown } : { kind: 'yes', closeness };
}

const matchesAction = ({ service, name }: ActionPattern, asked: Asked): boolean =>
  (service === undefined || service === asked.service) && matches(name, asked.name, none);

function closenessTo({ not, patterns }: NonNullable<Statement['principals']>, asked: Asked): Closeness {
  if (!not) return closenessOf(patterns, asked.principal);
  return isSpared(patterns, asked.principal, asked.bounded) ? 'none' : 'itself';
}
