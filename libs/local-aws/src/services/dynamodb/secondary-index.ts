import { attributeOf, type Item, typeOf } from './attribute-value.ts';
import { compareEntries, createEntries, type Entries, type Entry, indexPosition } from './entries.ts';
import { attributesOf, checkScalarSize, emptyWord, type KeySchema, scalarAt } from './key-schema.ts';
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
  follow(before: Item | undefined, after: Entry | undefined): void;
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
  return {
    ...definition,
    entries,
    follow(before, after) {
      const from = before && indexPosition(before, schema, table);
      const to = after && indexPosition(after.item, schema, table);
      if (from && !(to && compareEntries(from, to) === 0)) entries.remove((entry) => compareEntries(entry, from));
      if (after && to) entries.set({ ...to, item: after.item, bytes: after.bytes });
    },
    project(item) {
      if (projection.ProjectionType === 'ALL') return item;
      const present = names.filter((name) => attributeOf(item, name) !== undefined);
      return Object.fromEntries(present.map((name) => [name, item[name] as Item[string]]));
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
