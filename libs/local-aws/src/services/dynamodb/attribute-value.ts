import { canonicalNumber, InvalidNumber } from './decimal.ts';
import { invalid, notSerializable } from './refusals.ts';

/**
 * A value as it is written on the wire and stored: one member, named after its type. Binary values are base64 text, numbers
 * canonical text. Values are never changed in place, so that versions of an item, indexes and answers can share them.
 */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly NULL: true }
  | { readonly BOOL: boolean };

export type Item = Readonly<Record<string, AttributeValue>>;

export type TypeName = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';

/** An attribute of an item is on level 1, its members on level 2 (recorded, by the dynamodb-conformance suite). */
const MAX_LEVEL = 32;

/** Returns the value of an item's own attribute: a name may be that of a member of every object, e.g. `constructor`. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined;

export const typeOf = (value: AttributeValue): TypeName => Object.keys(value)[0] as TypeName;

/**
 * Returns the attributes of an item, a key or a map.
 * @throws {AwsError} ValidationException, SerializationException
 */
export function parseItem(json: unknown, level = 1): Item {
  if (typeof json !== 'object' || json === null) throw notSerializable('Unexpected field type');
  if (Array.isArray(json)) {
    throw notSerializable(
      'Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>',
    );
  }
  const item: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(json)) {
    if (value === null || value === undefined) continue;
    putMember(item, name, parseAttributeValue(value, level));
  }
  return item;
}

/** Puts a member into an object that is being built; `__proto__` is a name like any other. */
export function putMember(members: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name !== '__proto__') members[name] = value;
  else Object.defineProperty(members, name, { value, enumerable: true, configurable: true, writable: true });
}

/** @throws {AwsError} ValidationException, SerializationException: texts recorded by dynalite's suite */
export function parseAttributeValue(json: unknown, level = 1): AttributeValue {
  checkLevel(level);
  if (typeof json !== 'object' || json === null) throw notSerializable('Unexpected value type in payload');
  if (Array.isArray(json)) {
    throw notSerializable('Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue');
  }
  let value: AttributeValue | undefined;
  let count = 0;
  for (const [name, member] of Object.entries(json)) {
    if (member === null || member === undefined || !isTypeName(name)) continue;
    count += 1;
    value ??= PARSERS[name](member, level);
  }
  if (value !== undefined && count === 1) return value;
  throw invalid(
    count === 0
      ? 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'
      : 'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}

const isTypeName = (name: string): name is TypeName => Object.hasOwn(PARSERS, name);

const PARSERS: Readonly<Record<TypeName, (json: unknown, level: number) => AttributeValue>> = {
  S: (json) => ({ S: text(json) }),
  N: (json) => ({ N: number(text(json)) }),
  B: (json) => ({ B: base64(json) }),
  SS(json) {
    const SS = list(json).map(text);
    if (SS.length === 0) throw invalid(`${INVALID_PARAMETERS}: An string set  may not be empty`);
    if (hasDuplicates(SS)) {
      throw invalid(`${INVALID_PARAMETERS}: Input collection [${SS.join(', ')}] contains duplicates.`);
    }
    return { SS };
  },
  NS(json) {
    const NS = list(json).map((member) => number(text(member)));
    if (NS.length === 0) throw invalid(`${INVALID_PARAMETERS}: An number set  may not be empty`);
    if (hasDuplicates(NS)) throw invalid('Input collection contains duplicates');
    return { NS };
  },
  BS(json) {
    const BS = list(json).map(base64);
    if (BS.length === 0) throw invalid(`${INVALID_PARAMETERS}: Binary sets should not be empty`);
    if (hasDuplicates(BS)) {
      throw invalid(`${INVALID_PARAMETERS}: Input collection [${BS.join(', ')}]of type BS contains duplicates.`);
    }
    return { BS };
  },
  M: (json, level) => ({ M: parseItem(json, level + 1) }),
  L: (json, level) => ({ L: list(json).map((member) => parseAttributeValue(member, level + 1)) }),
  NULL(json) {
    // Recorded by the dynamodb-conformance suite: false is taken and stored as true; until 2026 it was refused.
    boolean(json);
    return { NULL: true };
  },
  BOOL: (json) => ({ BOOL: boolean(json) }),
};

const INVALID_PARAMETERS = 'One or more parameter values were invalid';

/** @throws {AwsError} where a value that is put on this level, by an update, reaches below the last one */
export function checkLevels(value: AttributeValue, level: number): void {
  checkLevel(level);
  if ('M' in value) for (const member of Object.values(value.M)) checkLevels(member, level + 1);
  else if ('L' in value) for (const member of value.L) checkLevels(member, level + 1);
}

function checkLevel(level: number): void {
  if (level <= MAX_LEVEL) return;
  throw invalid(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );
}

function number(digits: string): string {
  try {
    return canonicalNumber(digits);
  } catch (error) {
    throw error instanceof InvalidNumber ? invalid(error.message) : error;
  }
}

function text(json: unknown): string {
  if (typeof json === 'string') return json;
  throw notSerializable(conversionProblem(json, 'String'));
}

function boolean(json: unknown): boolean {
  if (typeof json === 'boolean') return json;
  if (typeof json !== 'string') throw notSerializable(conversionProblem(json, 'Boolean'));
  if (/^(true|1|yes)$/i.test(json)) return true;
  if (/^(false|0|no)$/i.test(json)) return false;
  throw notSerializable('Unexpected token received from parser');
}

function base64(json: unknown): string {
  if (typeof json !== 'string') {
    if (typeof json !== 'object') throw notSerializable('only base-64-encoded strings are convertible to bytes');
    throw notSerializable(conversionProblem(json, 'nio.ByteBuffer'));
  }
  if (json.length % 4 !== 0) {
    throw notSerializable(`Base64 encoded length is expected a multiple of 4 bytes but found: ${json.length}`);
  }
  // AWS's own spelling.
  if (!isBase64(json)) throw notSerializable('Invalid last non-pad Base64 character dectected');
  return json;
}

const isBase64 = (value: string): boolean => Buffer.from(value, 'base64').toString('base64') === value;

function list(json: unknown): unknown[] {
  if (Array.isArray(json)) return json;
  throw notSerializable(typeof json === 'object' ? STRUCTURE : 'Unexpected field type');
}

const STRUCTURE = 'Start of structure or map found where not expected';

function conversionProblem(json: unknown, type: string): string {
  if (Array.isArray(json)) return `Unrecognized collection type class java.${type.includes('.') ? '' : 'lang.'}${type}`;
  if (typeof json === 'boolean') return `${json ? 'TRUE' : 'FALSE'}_VALUE cannot be converted to ${type}`;
  if (typeof json === 'number') {
    return `${Number.isInteger(json) ? 'NUMBER' : 'DECIMAL'}_VALUE cannot be converted to ${type}`;
  }
  return STRUCTURE;
}

const hasDuplicates = (values: readonly string[]): boolean => new Set(values).size < values.length;
