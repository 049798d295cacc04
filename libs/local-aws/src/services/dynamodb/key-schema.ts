import { type AttributeValue, attributeOf, type Item, putMember, typeOf } from './attribute-value.ts';
import { isScalar, type Scalar, sortableText } from './compare-values.ts';
import { byteLength, utf8Length } from './item-size.ts';
import { invalid, invalidParameters } from './refusals.ts';
import type { AwsError } from '../../kernel/aws-error.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The key of a table or of an index. */
export interface KeySchema {
  readonly partition: KeyAttribute;
  readonly sort: KeyAttribute | undefined;
}

export const attributesOf = ({ partition, sort }: KeySchema): readonly KeyAttribute[] =>
  sort === undefined ? [partition] : [partition, sort];

/** Documented: "Service quotas", partition key and sort key length. */
const MAX_PARTITION_BYTES = 2048;
const MAX_SORT_BYTES = 1024;

/** Returns the value of a key attribute, undefined where there is none or it is of another type. */
export function scalarAt(item: Item, { name, type }: KeyAttribute): Scalar | undefined {
  const value = attributeOf(item, name);
  return value !== undefined && isScalar(value) && type in value ? value : undefined;
}

/** Checks the key of an item that is looked up. @throws {AwsError} ValidationException */
export function checkKey(key: Item, schema: KeySchema): void {
  const attributes = attributesOf(schema);
  if (Object.keys(key).length !== attributes.length) throw schemaMismatch();
  for (const attribute of attributes) {
    const value = scalarAt(key, attribute);
    if (value === undefined) throw schemaMismatch();
    checkScalar(value, attribute, schema);
  }
}

export const schemaMismatch = (): AwsError => invalid('The provided key element does not match the schema');

/** Checks the key of an item that is put. @throws {AwsError} ValidationException */
export function checkItemKey(item: Item, schema: KeySchema): void {
  for (const attribute of attributesOf(schema)) {
    const { name, type } = attribute;
    const value = attributeOf(item, name);
    if (value === undefined) throw invalidParameters(`Missing the key ${name} in the item`);
    if (!isScalar(value) || !(type in value)) {
      throw invalidParameters(`Type mismatch for key ${name} expected: ${type} actual: ${typeOf(value)}`);
    }
    checkScalar(value, attribute, schema);
  }
}

function checkScalar(value: Scalar, attribute: KeyAttribute, schema: KeySchema): void {
  const empty = emptyWord(value);
  if (empty !== undefined) {
    throw invalid(`${EMPTY_VALUE} cannot contain an empty ${empty} value. Key: ${attribute.name}`);
  }
  checkScalarSize(value, attribute, schema);
}

const EMPTY_VALUE = 'One or more parameter values are not valid. The AttributeValue for a key attribute';

/** Returns `string` or `binary` for an empty value, which is not allowed in a key. */
export function emptyWord(value: AttributeValue): 'string' | 'binary' | undefined {
  if ('S' in value && value.S === '') return 'string';
  return 'B' in value && value.B === '' ? 'binary' : undefined;
}

/** @throws {AwsError} ValidationException */
export function checkScalarSize(value: Scalar, attribute: KeyAttribute, schema: KeySchema): void {
  const bytes = 'S' in value ? utf8Length(value.S) : 'B' in value ? byteLength(value.B) : 0;
  if (attribute === schema.partition && bytes > MAX_PARTITION_BYTES) {
    // The missing space is AWS's.
    throw invalidParameters(`Size of hashkey has exceeded the maximum size limit of${MAX_PARTITION_BYTES} bytes`);
  }
  if (attribute === schema.sort && bytes > MAX_SORT_BYTES) {
    throw invalidParameters(`Aggregated size of all range keys has exceeded the size limit of ${MAX_SORT_BYTES} bytes`);
  }
}

/** Returns the key attributes of an item. */
export function keyOf(item: Item, schema: KeySchema): Item {
  const key: Record<string, AttributeValue> = {};
  for (const attribute of attributesOf(schema)) {
    const value = scalarAt(item, attribute);
    if (value !== undefined) putMember(key, attribute.name, value);
  }
  return key;
}

/** Where an item stands in a table or an index: ordered by the hash of its partition key, by that key, by its sort key. */
export interface Place {
  readonly hash: number;
  readonly partition: string;
  readonly sort: string;
}

/** Returns undefined for an item that lacks a key attribute, which an index leaves out. */
export function placeOf(item: Item, schema: KeySchema): Place | undefined {
  const partitionValue = scalarAt(item, schema.partition);
  const sortValue = schema.sort === undefined ? undefined : scalarAt(item, schema.sort);
  if (partitionValue === undefined || (schema.sort !== undefined && sortValue === undefined)) return undefined;
  const partition = sortableText(partitionValue);
  return { hash: hashOf(partition), partition, sort: sortValue === undefined ? '' : sortableText(sortValue) };
}

/** There are as many hashes; a segment of a scan is a part of them. */
export const HASHES = 2 ** 32;

/** FNV-1a with a last mixing (that of MurmurHash3), so that keys that differ in their last letter are far apart. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
