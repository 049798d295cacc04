import { type AttributeValue, typeOf } from '../attribute-value.ts';
import { isOrdered, isScalar } from '../compare-values.ts';
import { parseCondition } from './parse-condition.ts';
import { type Placeholders, refuseReservedWords } from './placeholders.ts';
import { remembered } from './remembered.ts';
import {
  type Bound,
  type Call,
  type Condition,
  ExpressionProblem,
  type Leaf,
  type Operand,
  pathText,
  type Written,
} from './syntax.ts';

/** The functions of conditions, with the number of their operands. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['attribute_exists', 1],
  ['attribute_not_exists', 1],
  ['attribute_type', 2],
  ['begins_with', 2],
  ['contains', 2],
  ['size', 1],
]);

/**
 * Returns a condition that is ready to be evaluated. What AWS finds wrong first it says first (recorded): syntax, unknown
 * functions, misused functions and reserved words of the whole, then the rest condition by condition.
 * @throws {ExpressionProblem}
 */
export const bindCondition = (expression: string, placeholders: Placeholders): Condition<Bound> =>
  bindNode(checkedCondition(expression), placeholders);

const checkedCondition = remembered((expression) => {
  const written = parseCondition(expression);
  const leaves = leavesOf(written);
  for (const call of leaves.flatMap((leaf) => callsIn(leaf))) refuseUnknownFunction(call);
  for (const leaf of leaves) refuseMisusedFunction(leaf);
  for (const path of leaves.flatMap((leaf) => pathsIn(leaf))) refuseReservedWords(path);
  return written;
});

export function leavesOf<F extends Written | Bound>(condition: Condition<F>): Leaf<F>[] {
  if (condition.kind === 'not') return leavesOf(condition.condition);
  if (condition.kind === 'and' || condition.kind === 'or')
    return condition.conditions.flatMap((each) => leavesOf(each));
  return [condition];
}

const operandsOf = <F extends Written | Bound>(node: Leaf<F>): readonly Operand<F>[] =>
  node.kind === 'call' ? node.arguments : node.operands;

/** Returns the paths of a condition, those in arguments included. */
export const pathsIn = <F extends Written | Bound>(node: Leaf<F>): F['path'][] =>
  operandsOf(node).flatMap((operand) => {
    if (operand.kind === 'path') return [operand.path];
    return operand.kind === 'call' ? pathsIn(operand) : [];
  });

/** Inner calls come first, as they are read. */
const callsIn = <F extends Written | Bound>(node: Leaf<F>): Call<F>[] => [
  ...operandsOf(node).flatMap((operand) => (operand.kind === 'call' ? callsIn(operand) : [])),
  ...(node.kind === 'call' ? [node] : []),
];

function refuseUnknownFunction({ name }: Call<Written>): void {
  if (!FUNCTIONS.has(name)) throw new ExpressionProblem(`Invalid function name; function: ${name}`);
}

/** `size` is an operand and no condition; the others are conditions and no operands. */
function refuseMisusedFunction(leaf: Leaf<Written>): void {
  const inner = callsIn(leaf).filter((call) => call !== leaf);
  const misused =
    inner.find(({ name }) => name !== 'size') ?? (leaf.kind === 'call' && leaf.name === 'size' ? leaf : null);
  if (misused === null) return;
  throw new ExpressionProblem(
    `The function is not allowed to be used this way in an expression; function: ${misused.name}`,
  );
}

function bindNode(node: Condition<Written>, placeholders: Placeholders): Condition<Bound> {
  if (node.kind === 'not') return { kind: 'not', condition: bindNode(node.condition, placeholders) };
  if (node.kind === 'and' || node.kind === 'or') {
    const [first, second] = node.conditions;
    return { kind: node.kind, conditions: [bindNode(first, placeholders), bindNode(second, placeholders)] };
  }
  const leaf = bindLeaf(node, placeholders);
  for (const {
    name,
    arguments: { length },
  } of callsIn(leaf)) {
    if (FUNCTIONS.get(name) !== length) throw operandCount(name, length);
  }
  refuseEqualOperands(leaf);
  refuseOperandTypes(leaf);
  return leaf;
}

const bindLeaf = (leaf: Leaf<Written>, placeholders: Placeholders): Leaf<Bound> =>
  leaf.kind === 'call'
    ? bindCall(leaf, placeholders)
    : { ...leaf, operands: leaf.operands.map((operand) => bindOperand(operand, placeholders)) };

const bindCall = ({ name, arguments: list }: Call<Written>, placeholders: Placeholders): Call<Bound> => ({
  kind: 'call',
  name,
  arguments: list.map((argument) => bindOperand(argument, placeholders)),
});

/** @throws {ExpressionProblem} for a name or value that is not defined */
export function bindOperand(operand: Operand<Written>, placeholders: Placeholders): Operand<Bound> {
  if (operand.kind === 'call') return bindCall(operand, placeholders);
  if (operand.kind === 'value') return { kind: 'value', value: placeholders.value(operand.value) };
  return { kind: 'path', path: placeholders.path(operand.path) };
}

function refuseEqualOperands(leaf: Leaf<Bound>): void {
  const [first, second, third] = operandsOf(leaf);
  if (leaf.kind === 'between' || leaf.kind === 'in' || third !== undefined) return;
  if (first?.kind !== 'path' || second?.kind !== 'path' || pathText(first.path) !== pathText(second.path)) return;
  throw new ExpressionProblem(
    'The first operand must be distinct from the remaining operands for this operator or function; ' +
      `operator: ${leaf.kind === 'call' ? leaf.name : leaf.operator}, first operand: ${pathText(first.path)}`,
  );
}

function refuseOperandTypes(leaf: Leaf<Bound>): void {
  for (const call of callsIn(leaf)) refuseArgumentTypes(call);
  if (leaf.kind === 'comparison' && leaf.operator !== '=' && leaf.operator !== '<>') {
    for (const { value } of valuesOf(leaf)) if (!isScalar(value)) throw operandType(leaf.operator, typeOf(value));
  }
  if (leaf.kind !== 'between') return;
  const [, low, high] = leaf.operands;
  if (low?.kind === 'value' && high?.kind === 'value') refuseBounds(low.value, high.value);
  for (const { value } of valuesOf(leaf)) if (!isScalar(value)) throw operandType('BETWEEN', typeOf(value));
}

const valuesOf = (leaf: Leaf<Bound>): { readonly value: AttributeValue }[] =>
  operandsOf(leaf).filter((operand) => operand.kind === 'value');

function refuseBounds(low: AttributeValue, high: AttributeValue): void {
  const problem =
    typeOf(low) !== typeOf(high)
      ? 'requires same data type for lower and upper bounds'
      : isOrdered(low, '>', high) && 'requires upper bound to be greater than or equal to lower bound';
  if (problem === false) return;
  throw new ExpressionProblem(
    `The BETWEEN operator ${problem}; lower bound operand: AttributeValue: ${valueText(low)}, ` +
      `upper bound operand: AttributeValue: ${valueText(high)}`,
  );
}

const valueText = (value: AttributeValue): string => `{${typeOf(value)}:${String(Object.values(value)[0])}}`;

const ATTRIBUTE_TYPES = ['S', 'N', 'B', 'NULL', 'SS', 'BOOL', 'L', 'BS', 'NS', 'M'];

function refuseArgumentTypes({ name, arguments: list }: Call<Bound>): void {
  const values = list.map((argument) => (argument.kind === 'value' ? argument.value : undefined));
  const types = values.map((value) => value && typeOf(value));
  switch (name) {
    case 'attribute_exists':
    case 'attribute_not_exists':
      if (list[0]?.kind !== 'path') throw pathRequired(name);
      return;
    case 'begins_with':
      for (const type of types) if (type !== undefined && type !== 'S' && type !== 'B') throw operandType(name, type);
      return;
    case 'size':
      if (types[0] === 'N' || types[0] === 'BOOL' || types[0] === 'NULL') throw operandType(name, types[0]);
      return;
    case 'attribute_type': {
      const [, type] = values;
      if (type === undefined || !('S' in type)) throw operandType(name, types[1] ?? '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}');
      if (ATTRIBUTE_TYPES.includes(type.S)) return;
      throw new ExpressionProblem(
        `Invalid attribute type name found; type: ${type.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`,
      );
    }
  }
}

export const pathRequired = (name: string): ExpressionProblem =>
  new ExpressionProblem(`Operator or function requires a document path; operator or function: ${name}`);

export const operandCount = (name: string, count: number): ExpressionProblem =>
  new ExpressionProblem(
    `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${count}`,
  );

export const operandType = (name: string, type: string): ExpressionProblem =>
  new ExpressionProblem(
    `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`,
  );
