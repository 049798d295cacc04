import type { JsonObject } from '../service.ts';
import { objectMap, optionalString } from './members.ts';
import type { MessageAttribute, MessageAttributes } from './message.ts';
import { invalidValue } from './refusals.ts';

/** @throws {AwsError} InvalidParameterValue for a bad name, type or value */
export function parseMessageAttributes(input: JsonObject, member: string): MessageAttributes {
  const entries = Object.entries(objectMap(input, member));
  if (entries.length > 10) {
    throw invalidValue(`Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [checkName(name), parseAttribute(name, value)]));
}

export function attributesBytes(attributes: MessageAttributes): number {
  let bytes = 0;
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes +=
      BinaryValue === undefined ? Buffer.byteLength(StringValue ?? '') : Buffer.byteLength(BinaryValue, 'base64');
  }
  return bytes;
}

function checkName(name: string): string {
  const good =
    /^(?!aws\.|amazon\.|\.)[A-Za-z0-9_.-]{1,256}$/i.test(name) && !name.endsWith('.') && !name.includes('..');
  if (!good) throw invalidValue(`The message attribute name '${name}' is invalid.`);
  return name;
}

function parseAttribute(name: string, value: JsonObject): MessageAttribute {
  const type = optionalString(value, 'DataType');
  if (!type) throw invalidValue(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = type.split('.', 1)[0] ?? '';
  if (!['String', 'Number', 'Binary'].includes(kind)) {
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const content = kind === 'Binary' ? parseBinary(value) : optionalString(value, 'StringValue');
  if (content === undefined || content.length === 0) {
    const field = kind === 'Binary' ? 'binary' : 'string';
    throw invalidValue(`The message attribute '${name}' must contain a non-empty value of type '${field}'.`);
  }
  if (kind === 'Binary') return { DataType: type, BinaryValue: content };
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(content)) {
    throw invalidValue(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return { DataType: type, StringValue: content };
}

/** A blob is base64 in JSON; a caller in process may hand in the bytes. */
function parseBinary(value: JsonObject): string | undefined {
  const bytes = value['BinaryValue'];
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : optionalString(value, 'BinaryValue');
}
