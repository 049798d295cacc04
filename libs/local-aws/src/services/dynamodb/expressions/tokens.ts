import { ExpressionProblem, type Path } from './syntax.ts';

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Attribute names, placeholders, indexes, operators; any other character is a token that no rule takes. */
const TOKEN = /[ \t\r\n]*([a-zA-Z]\w*|[#:]\w+|\d+|<>|<=|>=|[^ \t\r\n])/y;

const NAME = /^[a-zA-Z]/;
const MAX_EXPRESSION_BYTES = 4096;

/** Reads an expression token by token. */
export interface Tokens {
  /** Whether the next token is this one: a symbol, or a keyword in whatever case. */
  is(text: string): boolean;
  /** Whether it is the token after the next one. */
  isSecond(text: string): boolean;
  isName(): boolean;
  isPlaceholder(sign: '#' | ':'): boolean;
  isEnd(): boolean;
  next(): string;
  /** Takes the next token if it is this one. */
  take(text: string): boolean;
  /** @throws {ExpressionProblem} where it is not */
  expect(text: string): void;
  /** The number of tokens that are read. */
  position(): number;
  /** Returns the syntax error that the next token is. */
  unexpected(): ExpressionProblem;
}

/** @throws {ExpressionProblem} for an expression that is empty or over 4 KB (documented: "Service quotas"; its text guessed) */
export function createTokens(expression: string): Tokens {
  if (expression === '') throw new ExpressionProblem('The expression can not be empty;');
  const bytes = Buffer.byteLength(expression, 'utf8');
  if (bytes > MAX_EXPRESSION_BYTES) {
    throw new ExpressionProblem(`Expression size has exceeded the maximum allowed size; expression size: ${bytes}`);
  }
  const tokens = split(expression);
  let at = 0;
  const is = (text: string, index = at): boolean => tokens[index]?.text.toUpperCase() === text;

  const unexpected = (): ExpressionProblem => {
    const token = tokens[at];
    const from = tokens[at - 1] ?? token;
    const to = tokens[at + 1] ?? token ?? from;
    const near = expression.slice(from?.start, to?.end).trim();
    return new ExpressionProblem(`Syntax error; token: "${token?.text ?? '<EOF>'}", near: "${near}"`);
  };
  return {
    is,
    isSecond: (text) => is(text, at + 1),
    isName: () => NAME.test(tokens[at]?.text ?? ''),
    isPlaceholder: (sign) => (tokens[at]?.text.length ?? 0) > 1 && tokens[at]?.text[0] === sign,
    isEnd: () => at >= tokens.length,
    next() {
      const token = tokens[at];
      if (token === undefined) throw unexpected();
      at += 1;
      return token.text;
    },
    take(text) {
      if (!is(text)) return false;
      at += 1;
      return true;
    },
    expect(text) {
      if (!is(text)) throw unexpected();
      at += 1;
    },
    position: () => at,
    unexpected,
  };
}

function split(expression: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(expression); match !== null; match = TOKEN.exec(expression)) {
    const [, text = ''] = match;
    tokens.push({ text, start: TOKEN.lastIndex - text.length, end: TOKEN.lastIndex });
  }
  return tokens;
}

/** Reads `a`, `#a` or `a.#b[0]`. `isKeyword` says which names are none here. @throws {ExpressionProblem} */
export function parsePath(tokens: Tokens, isKeyword: (tokens: Tokens) => boolean = () => false): Path {
  return parsePathTail(tokens, [parseName(tokens, isKeyword)], isKeyword);
}

/** Reads what follows the head of a path. @throws {ExpressionProblem} */
export function parsePathTail(tokens: Tokens, head: Path, isKeyword: (tokens: Tokens) => boolean): Path {
  const path = [...head];
  for (;;) {
    if (tokens.take('.')) path.push(parseName(tokens, isKeyword));
    else if (tokens.take('[')) {
      path.push(parseIndex(tokens));
      tokens.expect(']');
    } else return path;
  }
}

function parseName(tokens: Tokens, isKeyword: (tokens: Tokens) => boolean): string {
  if (tokens.isPlaceholder('#') || (tokens.isName() && !isKeyword(tokens))) return tokens.next();
  throw tokens.unexpected();
}

function parseIndex(tokens: Tokens): number {
  const problem = tokens.unexpected();
  const text = tokens.next();
  if (/^\d+$/.test(text)) return Number(text);
  throw problem;
}
