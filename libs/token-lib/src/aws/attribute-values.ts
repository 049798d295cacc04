/**
 * JSON data as DynamoDB's attribute values and back.
 *
 * `@aws-sdk/util-dynamodb` does not do for the rows that 0.1.0 wrote, which have authors' numbers as attributes: it refuses to
 * write one of 1e20 again, and reads an integer over 2^53 as a BigInt, which is not JSON.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Plain JSON data to DynamoDB's attribute values. Absent and undefined members are left out. */
export function toAttribute(value: unknown): AttributeValue {
  if (value === null) return { NULL: true };
  if (Array.isArray(value)) return { L: value.map(toAttribute) };
  switch (typeof value) {
    case 'string':
      return { S: value };
    case 'number':
      return { N: String(value) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return { M: toItem(value) };
    default:
      throw new TypeError(`a ${typeof value} cannot be stored`);
  }
}

export type Item = Record<string, AttributeValue>;

export const toItem = (data: object): Item =>
  Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, toAttribute(value)]),
  );

export function fromAttribute(attribute: AttributeValue): unknown {
  if (attribute.S !== undefined) return attribute.S;
  if (attribute.N !== undefined) return Number(attribute.N);
  if (attribute.BOOL !== undefined) return attribute.BOOL;
  if (attribute.L !== undefined) return attribute.L.map(fromAttribute);
  if (attribute.M !== undefined) return fromItem(attribute.M);
  return null;
}

export const fromItem = (item: Item): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, fromAttribute(attribute)]));
