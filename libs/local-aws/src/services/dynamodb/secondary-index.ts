import { attributeOf, type AttributeValue, type Item, putMember, typeOf } from './attribute-value.ts';
import { compareEntries, createEntries, type Entries, type Entry, type Position } from './entries.ts';
import { itemSize } from './item-size.ts';
import { attributesOf, checkScalarSize, emptyWord, type KeySchema, placeOf, scalarAt } from './key-schema.ts';
import { invalid, invalidParameters } from './refusals.ts';

export interface Projection {
  readonly ProjectionType: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
  readonly NonKeyAttributes?: readonly string[] | undefined;
}

/** A secondary index: the items of a table that have its key attributes, in the order of these. */
export interface SecondaryIndex {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly schema: KeySchema;
  readonly projection: Projection;
  readonly entries: Entries;
  /** Follows a write to the table. A later one must not come before it. */
  follow(before: Entry | undefined, after: Entry | undefined): void;
  /** Returns the part of an item that the index has. */
  project(item: Item): Item;
}

export function createSecondaryIndex(
  definition: Pick<SecondaryIndex, 'name' | 'kind' | 'schema' | 'projection'>,
  table: KeySchema,
): SecondaryIndex {
  const { schema, projection } = definition;
  const entries = createEntries();
  const names = [
    ...[...attributesOf(table), ...attributesOf(schema)].map(({ name }) => name),
    ...(projection.NonKeyAttributes ?? []),
  ];
  const positionOf = ({ item, tie }: Entry): Position | undefined => {
    const place = placeOf(item, schema);
    return place && { ...place, tie };
  };
  const project = (item: Item): Item => {
    if (projection.ProjectionType === 'ALL') return item;
    const projected: Record<string, AttributeValue> = {};
    for (const name of names) {
      const value = attributeOf(item, name);
      if (value !== undefined) putMember(projected, name, value);
    }
    return projected;
  };
  return {
    ...definition,
    entries,
    project,
    follow(before, after) {
      const from = before && positionOf(before);
      const to = after && positionOf(after);
      if (from && !(to && compareEntries(from, to) === 0)) entries.remove((entry) => compareEntries(entry, from));
      if (!after || !to) return;
      const bytes = projection.ProjectionType === 'ALL' ? after.bytes : itemSize(project(after.item));
      const { hash, partition, sort, tie } = to;
      entries.set({ hash, partition, sort, tie, item: after.item, bytes });
    },
  };
}

/**
 * Checks the attributes of an item that are keys of indexes: an item without them is not in the index, one with a wrong type
 * is refused. The first of the indexes by name is named.
 * @throws {AwsError} ValidationException: texts recorded by the dynamodb-conformance suite
 */
export function checkIndexKeys(item: Item, indexes: Iterable<SecondaryIndex>): void {
  for (const { name: index, schema } of indexes) {
    for (const attribute of attributesOf(schema)) {
      const { name, type } = attribute;
      const value = attributeOf(item, name);
      if (value === undefined) continue;
      const scalar = scalarAt(item, attribute);
      if (scalar === undefined) {
        throw invalidParameters(
          `Type mismatch for Index Key ${name} Expected: ${type} Actual: ${typeOf(value)} IndexName: ${index}`,
        );
      }
      const empty = emptyWord(scalar);
      if (empty !== undefined) {
        throw invalid(
          'One or more parameter values are not valid. A value specified for a secondary index key is not supported. ' +
            `The AttributeValue for a key attribute cannot contain an empty ${empty} value. ` +
            `IndexName: ${index}, IndexKey: ${name}`,
        );
      }
      checkScalarSize(scalar, attribute, schema);
    }
  }
}
