import type { Call, Change, Operand, Section, Written } from './syntax.ts';
import { createTokens, parsePath, type Tokens } from './tokens.ts';

const SECTIONS = ['SET', 'REMOVE', 'ADD', 'DELETE'] as const;

const isKeyword = (tokens: Tokens): boolean => SECTIONS.some((section) => tokens.is(section));

/** The changes of an update expression in their order, and its sections, of which one may be written twice. */
export interface WrittenUpdate {
  readonly sections: readonly Section[];
  readonly changes: readonly Change<Written>[];
}

/** Parses the text of an UpdateExpression by the grammar of "Update expressions". @throws {ExpressionProblem} */
export function parseUpdate(expression: string): WrittenUpdate {
  const tokens = createTokens(expression);
  const sections: Section[] = [];
  const changes: Change<Written>[] = [];
  do {
    const section = SECTIONS.find((name) => tokens.is(name));
    if (section === undefined) throw tokens.unexpected();
    tokens.next();
    sections.push(section);
    do changes.push(parseChange(tokens, section));
    while (tokens.take(','));
  } while (!tokens.isEnd());
  return { sections, changes };
}

function parseChange(tokens: Tokens, section: Section): Change<Written> {
  const path = parsePath(tokens, isKeyword);
  if (section === 'REMOVE') return { section, path };
  if (section === 'SET') {
    tokens.expect('=');
    return { section, path, operand: parseSum(tokens) };
  }
  if (!tokens.isPlaceholder(':')) throw tokens.unexpected();
  return { section, path, value: tokens.next() };
}

/** One operand, or two with a sign between them, in parentheses or not: never three, and never in a function's arguments. */
function parseSum(tokens: Tokens): Operand<Written> {
  const left = parseOperand(tokens, parseSum);
  if (isSum(left) || !(tokens.is('+') || tokens.is('-'))) return left;
  const name = tokens.next();
  return { kind: 'call', name, arguments: [left, parseOperand(tokens, parseNested)] };
}

const isSum = (operand: Operand<Written>): boolean =>
  operand.kind === 'call' && (operand.name === '+' || operand.name === '-');

/** An operand in which there is no sum. */
const parseNested = (tokens: Tokens): Operand<Written> => parseOperand(tokens, parseNested);

function parseOperand(tokens: Tokens, inParentheses: (tokens: Tokens) => Operand<Written>): Operand<Written> {
  if (tokens.take('(')) {
    const inner = inParentheses(tokens);
    tokens.expect(')');
    return inner;
  }
  if (tokens.isPlaceholder(':')) return { kind: 'value', value: tokens.next() };
  if (tokens.isName() && !isKeyword(tokens) && tokens.isSecond('(')) return parseCall(tokens);
  return { kind: 'path', path: parsePath(tokens, isKeyword) };
}

function parseCall(tokens: Tokens): Call<Written> {
  const name = tokens.next();
  tokens.expect('(');
  const list = [parseNested(tokens)];
  while (tokens.take(',')) list.push(parseNested(tokens));
  tokens.expect(')');
  return { kind: 'call', name, arguments: list };
}
