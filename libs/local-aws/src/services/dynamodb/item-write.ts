import { AwsError } from '../../kernel/aws-error.ts';
import { attributeOf, type Item, type TypeName, typeOf } from './attribute-value.ts';
import { applyUpdate } from './expressions/apply-update.ts';
import { isFulfilled } from './expressions/evaluate-condition.ts';
import type { Expressions } from './expressions/expressions.ts';
import type { Bound, Change, Path } from './expressions/syntax.ts';
import { itemSize, MAX_ITEM_BYTES } from './item-size.ts';
import { attributesOf, checkItemKey, checkKey, emptyWord, keyOf } from './key-schema.ts';
import { invalid, invalidParameters } from './refusals.ts';
import { checkIndexKeys } from './secondary-index.ts';
import type { TableItems } from './table-items.ts';
import type { Table } from './tables.ts';

/** A write of one item, read from its request. */
export interface ItemWrite {
  readonly kind: 'put' | 'update' | 'delete' | 'check';
  readonly table: Table;
  /** The item that is put, else the key. */
  readonly given: Item;
  readonly expressions: Expressions;
  /** Whoever loses a condition is told what it lost to. */
  readonly returnsItemOnFailure: boolean;
}

/** What a write would do. */
export interface PlannedWrite {
  readonly table: Table;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/**
 * Checks a write against the schema of its table, the item that is there, and its condition, in this order.
 * @throws {AwsError} ValidationException, ConditionalCheckFailedException
 */
export function planWrite(write: ItemWrite): PlannedWrite {
  const { kind, table, given, expressions, returnsItemOnFailure } = write;
  const { items } = table;
  checkGiven(write);
  const key = kind === 'put' ? keyOf(given, items.schema) : given;
  const before = items.find(key)?.item;
  if (expressions.condition && !isFulfilled(expressions.condition, before)) {
    const details = returnsItemOnFailure && before ? { Item: before } : {};
    throw new AwsError('ConditionalCheckFailedException', 'The conditional request failed', 400, details);
  }
  return { table, key, before, after: itemAfter(write, before) };
}

/** Carries a plan out. Nothing may have been written since it was made. */
export function commit({ table, key, before, after }: PlannedWrite): void {
  if (after === before) return;
  if (after === undefined) table.items.delete(key);
  else table.items.put(after);
  table.expiry.written(key, after);
}

function checkGiven({ kind, table, given, expressions }: ItemWrite): void {
  const { schema, indexes } = table.items;
  if (kind === 'put') {
    if (itemSize(given) > MAX_ITEM_BYTES) throw invalid('Item size has exceeded the maximum allowed size');
    checkItemKey(given, schema);
    checkIndexKeys(given, indexes.values());
  } else checkKey(given, schema);
  if (expressions.update) checkChanges(expressions.update, table.items);
}

function itemAfter({ kind, table, given, expressions }: ItemWrite, before: Item | undefined): Item | undefined {
  if (kind === 'check') return before;
  if (kind === 'delete') return undefined;
  if (kind === 'put') return given;
  const after = applyUpdate(expressions.update ?? [], before, given);
  if (after === undefined || after === before) return after;
  if (itemSize(after) > MAX_ITEM_BYTES) throw invalid('Item size to update has exceeded the maximum allowed size');
  for (const { schema } of table.items.indexes.values()) {
    for (const { name, type } of attributesOf(schema)) {
      const value = attributeOf(after, name);
      if (value === undefined) continue;
      if (!(type in value)) {
        throw invalid('The update expression attempted to update the secondary index key to unsupported type');
      }
      refuseEmptyIndexKey(after, name);
    }
  }
  return after;
}

function refuseEmptyIndexKey(item: Item, name: string): void {
  const value = attributeOf(item, name);
  const empty = value && emptyWord(value);
  if (empty === undefined) return;
  throw invalid(
    'One or more parameter values are not valid. The update expression attempted to update a secondary index key to a ' +
      `value that is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value.`,
  );
}

/** Keys do not change, those of indexes keep their type, and neither is a document. */
function checkChanges(changes: readonly Change<Bound>[], { schema, indexes }: TableItems): void {
  for (const { name } of attributesOf(schema)) {
    if (changes.some(({ path }) => path[0] === name && path.length === 1)) {
      throw invalidParameters(`Cannot update attribute ${name}. This attribute is part of the key`);
    }
  }
  refuseNestedKeys(
    changes.map(({ path }) => path),
    { schema, indexes },
  );
  for (const { name: index, schema: indexSchema } of indexes.values()) {
    for (const { name, type } of attributesOf(indexSchema)) {
      const change = changes.find(({ path }) => path[0] === name && path.length === 1);
      const actual = change && knownType(change);
      if (actual === undefined || actual === type) continue;
      throw invalidParameters(
        `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index}`,
      );
    }
  }
}

/** Returns the type that a change gives an attribute, where that shows without a look at the item. */
function knownType(change: Change<Bound>): TypeName | undefined {
  if (change.section === 'REMOVE') return undefined;
  if (change.section !== 'SET') return typeOf(change.value);
  const { operand } = change;
  if (operand.kind === 'value') return typeOf(operand.value);
  if (operand.kind !== 'call') return undefined;
  if (operand.name === 'list_append') return 'L';
  const fallback = operand.arguments[1];
  if (operand.name !== 'if_not_exists') return 'N';
  return fallback?.kind === 'value' ? typeOf(fallback.value) : undefined;
}

/** @throws {AwsError} ValidationException for a path into a key attribute, which is never a document */
export function refuseNestedKeys(
  paths: readonly Path[],
  { schema, indexes }: Pick<TableItems, 'schema' | 'indexes'>,
): void {
  const nested = new Set(paths.filter(({ length }) => length > 1).map(([head]) => head));
  const refuse = (kind: string, name: string): void => {
    if (!nested.has(name)) return;
    throw invalid(
      `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
    );
  };
  for (const { name } of attributesOf(schema)) refuse('Key', name);
  for (const index of indexes.values()) for (const { name } of attributesOf(index.schema)) refuse('IndexKey', name);
}
