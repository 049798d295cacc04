import type { AttributeValue, Item } from './attribute-value.ts';
import { numberSize } from './decimal.ts';

/** Documented: "Service quotas", item size. */
export const MAX_ITEM_BYTES = 400 * 1024;

/** Returns the bytes of an item by the rules of "DynamoDB item sizes and formats": names and values in UTF-8. */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name in item) bytes += utf8Length(name) + valueSize(item[name] as AttributeValue);
  return bytes;
}

/** The overhead of a map or list, and of each of its members. */
const DOCUMENT_BYTES = 3;
const MEMBER_BYTES = 1;

function valueSize(value: AttributeValue): number {
  if ('S' in value) return utf8Length(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return byteLength(value.B);
  if ('M' in value) return DOCUMENT_BYTES + MEMBER_BYTES * Object.keys(value.M).length + itemSize(value.M);
  if ('L' in value) return value.L.reduce((sum, member) => sum + MEMBER_BYTES + valueSize(member), DOCUMENT_BYTES);
  if ('SS' in value) return sumOf(value.SS, utf8Length);
  if ('NS' in value) return sumOf(value.NS, numberSize);
  if ('BS' in value) return sumOf(value.BS, byteLength);
  return 1;
}

const sumOf = (members: readonly string[], size: (member: string) => number): number =>
  members.reduce((sum, member) => sum + size(member), 0);

export const utf8Length = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Returns the length of what base64 text stands for. */
export const byteLength = (base64: string): number => Buffer.byteLength(base64, 'base64');
