import type { AttributeValue } from './attribute-value.ts';
import { isScalar, type Scalar, sortableText } from './compare-values.ts';
import { hashOf, type KeyAttribute, type KeySchema } from './key-schema.ts';
import type { Bound, Comparator, Condition, Leaf, Operand } from './expressions/syntax.ts';
import type { Position } from './entries.ts';
import { invalid, invalidParameters } from './refusals.ts';
import type { AwsError } from '../../kernel/aws-error.ts';

type Operator = Exclude<Comparator, '<>'> | 'BETWEEN' | 'begins_with';

interface AttributeCondition {
  readonly operator: Operator;
  readonly values: readonly AttributeValue[];
}

/** The part of an index that a query reads: one partition, between two bounds of the sort key. */
export interface Range {
  readonly hash: number;
  readonly partition: string;
  /** Whether the sort key has no condition. */
  readonly isWhole: boolean;
  /** Whether a place of the partition comes before the range. */
  isBelow(sort: string): boolean;
  /** Whether it comes after. */
  isAbove(sort: string): boolean;
}

/** Returns whether a position is in the range: negative before it, positive after it. */
export function compareToRange({ hash, partition, sort }: Position, range: Range): number {
  if (hash !== range.hash) return hash - range.hash;
  if (partition !== range.partition) return partition < range.partition ? -1 : 1;
  return range.isBelow(sort) ? -1 : range.isAbove(sort) ? 1 : 0;
}

/** The conditions of a key condition, by the attribute that each is on. */
export type KeyConditions = ReadonlyMap<string, AttributeCondition>;

/**
 * Takes a key condition apart: comparisons with values, joined by AND, one for each attribute.
 * @throws {AwsError} ValidationException: texts recorded by dynalite's suite
 */
export function readKeyConditions(condition: Condition<Bound>): KeyConditions {
  const conditions = new Map<string, AttributeCondition>();
  collect(condition, conditions);
  return conditions;
}

/**
 * Returns the range of key conditions: equality of the partition key, and at most one condition of the sort key.
 * @throws {AwsError} ValidationException: texts recorded by dynalite's suite
 */
export function rangeOf(conditions: KeyConditions, { partition, sort }: KeySchema): Range {
  if (sort === undefined && conditions.size > 1) throw invalid('Query key condition not supported');
  const [value] = scalarsFor(partition, conditions)?.values ?? [];
  if (value === undefined) throw missingElement(partition);
  const onSort = sort && scalarsFor(sort, conditions);
  if (sort !== undefined && onSort === undefined && conditions.size > 1) throw missingElement(sort);
  if (conditions.get(partition.name)?.operator !== '=') throw invalid('Query key condition not supported');
  const text = sortableText(value);
  return { hash: hashOf(text), partition: text, isWhole: onSort === undefined, ...boundsOf(onSort) };
}

const missingElement = ({ name }: KeyAttribute): AwsError =>
  invalid(`Query condition missed key schema element: ${name}`);

function scalarsFor({ name, type }: KeyAttribute, conditions: KeyConditions) {
  const condition = conditions.get(name);
  if (condition === undefined) return undefined;
  const values = condition.values.filter((value): value is Scalar => isScalar(value) && type in value);
  if (values.length === condition.values.length) return { operator: condition.operator, values };
  throw invalidParameters('Condition parameter type does not match schema type');
}

function boundsOf(
  condition: { readonly operator: Operator; readonly values: readonly Scalar[] } | undefined,
): Pick<Range, 'isBelow' | 'isAbove'> {
  const [first = '', last = ''] = (condition?.values ?? []).map(sortableText);
  const never = (): boolean => false;
  switch (condition?.operator) {
    case undefined:
      return { isBelow: never, isAbove: never };
    case '=':
      return { isBelow: (sort) => sort < first, isAbove: (sort) => sort > first };
    case '<':
      return { isBelow: never, isAbove: (sort) => sort >= first };
    case '<=':
      return { isBelow: never, isAbove: (sort) => sort > first };
    case '>':
      return { isBelow: (sort) => sort <= first, isAbove: never };
    case '>=':
      return { isBelow: (sort) => sort < first, isAbove: never };
    case 'BETWEEN':
      return { isBelow: (sort) => sort < first, isAbove: (sort) => sort > last };
    case 'begins_with':
      return { isBelow: (sort) => sort < first, isAbove: (sort) => sort > first && !sort.startsWith(first) };
  }
}

/** Gathers the conditions by their attribute. */
function collect(condition: Condition<Bound>, conditions: Map<string, AttributeCondition>): void {
  if (condition.kind === 'or' || condition.kind === 'not') throw invalidOperator(condition.kind.toUpperCase());
  if (condition.kind === 'and') {
    for (const each of condition.conditions) collect(each, conditions);
    return;
  }
  const operator = operatorOf(condition);
  const [attribute, values, isMirrored] = attributeAndValues(condition, operator);
  if (conditions.has(attribute)) {
    throw invalid('KeyConditionExpressions must only contain one condition per key');
  }
  conditions.set(attribute, { operator: isMirrored ? (MIRRORED[operator] ?? operator) : operator, values });
}

function operatorOf(leaf: Leaf<Bound>): Operator {
  if (leaf.kind === 'in') throw invalidOperator('IN');
  if (leaf.kind === 'between') return 'BETWEEN';
  if (leaf.kind === 'call') {
    if (leaf.name !== 'begins_with') throw invalidOperator(leaf.name);
    return leaf.name;
  }
  if (leaf.operator === '<>') throw invalidOperator(leaf.operator);
  return leaf.operator;
}

const invalidOperator = (operator: string): AwsError =>
  invalid(`Invalid operator used in KeyConditionExpression: ${operator}`);

/** `:low < sort` is `sort > :low`. */
const MIRRORED: Readonly<Partial<Record<Operator, Operator>>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function attributeAndValues(leaf: Leaf<Bound>, operator: Operator): [string, AttributeValue[], boolean] {
  const operands: readonly Operand<Bound>[] = leaf.kind === 'call' ? leaf.arguments : leaf.operands;
  if ((operator === 'BETWEEN' || operator === 'begins_with') && operands[0]?.kind !== 'path') {
    throw invalidCondition(`${operator} operator must have the key attribute as its first operand`);
  }
  const paths = operands.filter((operand) => operand.kind === 'path');
  const values = operands.filter((operand) => operand.kind === 'value').map(({ value }) => value);
  if (paths.length + values.length < operands.length) {
    throw invalid('KeyConditionExpressions cannot contain nested operations');
  }
  const [path, second] = paths;
  if (second !== undefined) throw invalidCondition('Multiple attribute names used in one condition');
  if (path === undefined) throw invalidCondition('No key attribute specified');
  const [name, ...nested] = path.path;
  if (nested.length > 0) throw invalid('KeyConditionExpressions cannot have conditions on nested attributes');
  return [String(name), values, operands[0] !== path];
}

const invalidCondition = (problem: string): AwsError =>
  invalid(`Invalid condition in KeyConditionExpression: ${problem}`);
