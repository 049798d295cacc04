/**
 * The patterns of policies: `*` for any run of characters, `?` for one, `${key}` for a value of the request, and `${*}`, `${?}` and
 * `${$}` for the characters themselves. [documented: IAM User Guide, "Policy variables", "Resource"]
 */

/** What a variable stands for in a request: undefined where it has no value, or more than one. */
export type Resolve = (key: string) => string | undefined;

interface Variable {
  readonly key: string;
  readonly otherwise: string | undefined;
}

/** The star is a run of characters, the mark is one. Other numbers are UTF-16 units. */
const STAR = -1;
const MARK = -2;
const COLON = 58;

type Token = number | Variable;

export interface PatternRules {
  /** `${...}` means something: from version 2012-10-17 on. */
  readonly variables: boolean;
  /** `*` and `?` mean something. */
  readonly wildcards: boolean;
}

export interface Pattern {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** The text that it is, where nothing in it means something else. */
  readonly literal: string | undefined;
}

const VARIABLE = /^\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/;

export function compilePattern(source: string, { variables, wildcards }: PatternRules): Pattern {
  const tokens: Token[] = [];
  for (let index = 0; index < source.length;) {
    const found = variables && source.startsWith('${', index) ? VARIABLE.exec(source.slice(index)) : null;
    if (found) {
      tokens.push(...variableTokens(found[1] as string, found[2]));
      index += found[0].length;
      continue;
    }
    const character = source.charAt(index);
    if (wildcards && character === '*') tokens.push(STAR);
    else if (wildcards && character === '?') tokens.push(MARK);
    else tokens.push(source.charCodeAt(index));
    index += 1;
  }
  return { source, tokens, literal: textOf(tokens) };
}

function variableTokens(key: string, otherwise: string | undefined): Token[] {
  if (otherwise === undefined && (key === '*' || key === '?' || key === '$')) return [key.charCodeAt(0)];
  return [{ key, otherwise }];
}

function textOf(tokens: readonly Token[]): string | undefined {
  let text = '';
  for (const token of tokens) {
    if (typeof token !== 'number' || token < 0) return undefined;
    text += String.fromCharCode(token);
  }
  return text;
}

/** False where a variable has no value: nothing matches then. */
export function matches(pattern: Pattern, text: string, resolve: Resolve): boolean {
  if (pattern.literal !== undefined) return pattern.literal === text;
  const tokens = resolved(pattern.tokens, resolve);
  return tokens !== undefined && glob(tokens, text);
}

/** The text of a pattern without wildcards. */
export const valueOf = (pattern: Pattern, resolve: Resolve): string | undefined =>
  pattern.literal ?? textOf(resolved(pattern.tokens, resolve) ?? [STAR]);

/** Whether all variables have a value. */
export const isResolved = ({ literal, tokens }: Pattern, resolve: Resolve): boolean =>
  literal !== undefined || resolved(tokens, resolve) !== undefined;

/** Values that a request puts in stand for themselves, stars and all. */
function resolved(tokens: readonly Token[], resolve: Resolve): readonly number[] | undefined {
  const made: number[] = [];
  for (const token of tokens) {
    if (typeof token === 'number') {
      made.push(token);
      continue;
    }
    const value = resolve(token.key) ?? token.otherwise;
    if (value === undefined) return undefined;
    for (let index = 0; index < value.length; index += 1) made.push(value.charCodeAt(index));
  }
  return made;
}

/** The pattern's parts between its first colons; the last part keeps the others. A variable's own colon does not part. */
export function splitPattern(pattern: Pattern, parts: number): Pattern[] {
  const made: Token[][] = [[]];
  for (const token of pattern.tokens) {
    if (token === COLON && made.length < parts) made.push([]);
    else made.at(-1)?.push(token);
  }
  return made.map((tokens) => ({ source: pattern.source, tokens, literal: textOf(tokens) }));
}

export const hasVariable = ({ tokens }: Pattern): boolean => tokens.some((token) => typeof token !== 'number');
export const hasWildcard = ({ tokens }: Pattern): boolean => tokens.some((token) => token === STAR || token === MARK);
export const isStar = ({ tokens }: Pattern): boolean => tokens.length === 1 && tokens[0] === STAR;

/** Goes back to the last star alone: what an earlier star took, the last one can take as well. */
function glob(tokens: readonly number[], text: string): boolean {
  let [token, at, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    const wanted = tokens[token];
    if (wanted === STAR) {
      star = token;
      token += 1;
      resume = at;
    } else if (wanted === MARK || wanted === text.charCodeAt(at)) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  while (tokens[token] === STAR) token += 1;
  return token === tokens.length;
}
