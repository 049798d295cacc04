import type { EnginePorts, Json } from '../protocol.ts';
import { DataFailure } from './data-failure.ts';
import { INTRINSIC_FUNCTIONS } from './intrinsic-functions.ts';
import { type JsonPath, type PathScope, parseJsonPath, valueAt } from './json-path.ts';

/** A call such as `States.Format('{} of {}', $.a, $$.State.Name)`. An argument may be another call. */
export interface IntrinsicCall {
  readonly text: string;
  readonly name: string;
  readonly args: readonly Argument[];
}

/** The values that an expression can refer to. */
export interface ExpressionScope extends PathScope {
  readonly ports: EnginePorts;
}

type Argument =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

const CALL_HEAD = /States\.(\w+)\s*\(/y;
const STRING = /'((?:[^'\\]|\\.)*)'/sy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /\s*/y;

/** @throws {SyntaxError} when the text is not one complete call of a known function */
export function parseIntrinsicCall(text: string): IntrinsicCall {
  const reader = new Reader(text);
  const call = reader.call();
  reader.skipSpace();
  if (!reader.atEnd()) throw new SyntaxError(`unexpected text after the call: ${text}`);
  return call;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  skipSpace(): void {
    this.#match(SPACE);
  }

  call(): IntrinsicCall {
    const start = this.#at;
    const name = this.#match(CALL_HEAD)?.[1];
    if (name === undefined || !Object.hasOwn(INTRINSIC_FUNCTIONS, name)) throw this.#error('no such function');
    const args: Argument[] = [];
    this.skipSpace();
    while (!this.#take(')')) {
      if (args.length > 0 && !this.#take(',')) throw this.#error('expected , or )');
      this.skipSpace();
      // States.Format resolves the escapes of its template itself: an escaped brace is not a placeholder.
      args.push(this.#argument(name === 'Format' && args.length === 0));
      this.skipSpace();
    }
    return { text: this.#text.slice(start, this.#at), name, args };
  }

  #argument(keepEscapes: boolean): Argument {
    if (this.#text.startsWith('States.', this.#at)) return { kind: 'call', call: this.call() };
    if (this.#text[this.#at] === '$') return { kind: 'path', path: parseJsonPath(this.#pathText()) };
    const string = this.#match(STRING);
    if (string) return { kind: 'constant', value: unescaped(string[1] as string, keepEscapes) };
    const number = this.#match(NUMBER) ?? this.#match(WORD);
    if (number) return { kind: 'constant', value: JSON.parse(number[0]) as Json };
    throw this.#error('not an argument');
  }

  /** Reads a path up to the comma or bracket that ends the argument, skipping brackets and quotes inside the path. */
  #pathText(): string {
    const start = this.#at;
    let depth = 0;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === "'" && depth > 0) this.#match(STRING);
      const now = this.#text[this.#at];
      if (now === '[' || now === '(') depth += 1;
      else if (depth > 0 && (now === ']' || now === ')')) depth -= 1;
      else if (depth === 0 && (now === ',' || now === ')')) break;
    }
    return this.#text.slice(start, this.#at).trimEnd();
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at += match[0].length;
    return match;
  }

  #error(reason: string): SyntaxError {
    return new SyntaxError(`${reason} at character ${this.#at} of ${this.#text}`);
  }
}

/** Only `'`, `{`, `}` and `\` may be escaped. */
function unescaped(text: string, keepEscapes: boolean): string {
  return text.replaceAll(/\\(.)/gs, (whole, char: string) => {
    if (!"'{}\\".includes(char)) throw new SyntaxError(`the escape ${whole} is not allowed`);
    return keepEscapes && char !== "'" ? whole : char;
  });
}

/** @throws {DataFailure} States.IntrinsicFailure when the function rejects its arguments */
export function evaluateIntrinsic(call: IntrinsicCall, field: string, scope: ExpressionScope): Json {
  const args = call.args.map((argument) => {
    switch (argument.kind) {
      case 'constant':
        return argument.value;
      case 'path':
        return valueAt(argument.path, field, scope);
      case 'call':
        return evaluateIntrinsic(argument.call, field, scope);
    }
  });
  try {
    return (INTRINSIC_FUNCTIONS[call.name] as (typeof INTRINSIC_FUNCTIONS)[string])(args, scope.ports);
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) throw error;
    throw new DataFailure(
      'States.IntrinsicFailure',
      `The function '${call.text}' had the following error: ${error.message}`,
    );
  }
}
