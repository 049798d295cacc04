import { type Call, type Comparator, type Condition, ExpressionProblem, type Operand, type Written } from './syntax.ts';
import { createTokens, parsePath, parsePathTail, type Tokens } from './tokens.ts';

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='] as const;
const KEYWORDS = ['AND', 'OR', 'NOT', 'BETWEEN', 'IN'];

const isKeyword = (tokens: Tokens): boolean => KEYWORDS.some((keyword) => tokens.is(keyword));

type Node = Condition<Written> | Operand<Written>;

/** Parses the text of a ConditionExpression, FilterExpression or KeyConditionExpression. @throws {ExpressionProblem} */
export function parseCondition(expression: string): Condition<Written> {
  const parser = createConditionParser(createTokens(expression));
  const condition = parser.condition(parser.or());
  parser.end();
  return condition;
}

/**
 * The grammar of the developer guide ("Condition and filter expressions, operators, and functions"), a function a rule.
 * Parentheses may hold a condition or an operand, and only what follows them tells which: the rules return either, and
 * `condition` and `operand` insist on one.
 */
function createConditionParser(tokens: Tokens) {
  /** Where the last parentheses that were read begin and end. */
  let group = { start: -1, end: -1 };
  let isRedundant = false;

  const condition = (node: Node): Condition<Written> => {
    if (node.kind === 'path' || node.kind === 'value') throw tokens.unexpected();
    return node;
  };
  const operand = (node: Node): Operand<Written> => {
    if (node.kind === 'path' || node.kind === 'value' || node.kind === 'call') return node;
    throw tokens.unexpected();
  };
  const or = (): Node => chain('or', and);
  const and = (): Node => chain('and', not);
  const chain = (kind: 'and' | 'or', next: () => Node): Node => {
    let left = next();
    while (tokens.is(kind.toUpperCase())) {
      const first = condition(left);
      tokens.next();
      left = { kind, conditions: [first, condition(next())] };
    }
    return left;
  };
  const not = (): Node => (tokens.take('NOT') ? { kind: 'not', condition: condition(not()) } : comparison());

  const comparison = (): Node => {
    const left = primary();
    const operator = COMPARATORS.find((comparator) => tokens.is(comparator));
    if (operator !== undefined) return compare(operator, operand(left));
    if (tokens.is('BETWEEN')) return between(operand(left));
    return tokens.is('IN') ? inList(operand(left)) : left;
  };
  const compare = (operator: Comparator, left: Operand<Written>): Node => {
    tokens.next();
    return { kind: 'comparison', operator, operands: [left, operand(primary())] };
  };
  const between = (left: Operand<Written>): Node => {
    tokens.next();
    const low = operand(primary());
    tokens.expect('AND');
    return { kind: 'between', operands: [left, low, operand(primary())] };
  };
  const inList = (left: Operand<Written>): Node => {
    tokens.next();
    tokens.expect('(');
    return { kind: 'in', operands: [left, ...operands()] };
  };

  /** Reads operands up to and with the closing parenthesis. */
  const operands = (): Operand<Written>[] => {
    const list = [operand(primary())];
    while (tokens.take(',')) list.push(operand(primary()));
    tokens.expect(')');
    return list;
  };
  const primary = (): Node => {
    if (tokens.is('(')) return parentheses();
    if (tokens.isPlaceholder(':')) return { kind: 'value', value: tokens.next() };
    if (tokens.isName() && !isKeyword(tokens) && tokens.isSecond('(')) return call();
    return { kind: 'path', path: parsePath(tokens, isKeyword) };
  };
  const call = (): Call<Written> => {
    const name = tokens.next();
    tokens.expect('(');
    return { kind: 'call', name, arguments: operands() };
  };
  const parentheses = (): Node => {
    const start = tokens.position();
    tokens.expect('(');
    const inner = or();
    if (group.start === start + 1 && group.end === tokens.position()) isRedundant = true;
    tokens.expect(')');
    group = { start, end: tokens.position() };
    return inner.kind === 'path' ? { kind: 'path', path: parsePathTail(tokens, inner.path, isKeyword) } : inner;
  };

  return {
    or,
    condition,
    /** Syntax errors come before this one. */
    end(): void {
      if (!tokens.isEnd()) throw tokens.unexpected();
      if (isRedundant) throw new ExpressionProblem('The expression has redundant parentheses;');
    },
  };
}
