import type { AwsError } from '../kernel/aws-error.ts';
import type { JsonObject } from '../kernel/service.ts';
import { objectMap, optionalString } from '../services/sqs/members.ts';
import type { MessageAttribute, MessageAttributes } from '../services/sqs/message.ts';

/** How the service refuses: SQS and SNS say the same under different codes. */
type Refuse = (message: string) => AwsError;

/** The attributes of a message, sent to a queue or published. @throws what `refuse` makes, for a bad name, type or value */
export function parseMessageAttributes(input: JsonObject, member: string, refuse: Refuse): MessageAttributes {
  return Object.fromEntries(
    Object.entries(objectMap(input, member)).map(([name, value]) => {
      checkName(name, refuse);
      return [name, parseAttribute(name, value, refuse)];
    }),
  );
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

function checkName(name: string, refuse: Refuse): void {
  const good =
    /^(?!aws\.|amazon\.|\.)[A-Za-z0-9_.-]{1,256}$/i.test(name) && !name.endsWith('.') && !name.includes('..');
  if (!good) throw refuse(`The message attribute name '${name}' is invalid.`);
}

function parseAttribute(name: string, value: JsonObject, refuse: Refuse): MessageAttribute {
  const type = optionalString(value, 'DataType');
  if (!type) throw refuse(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = type.split('.', 1)[0] ?? '';
  if (!['String', 'Number', 'Binary'].includes(kind)) {
    const kinds = 'the set of supported type prefixes is Binary, Number, and String.';
    throw refuse(`The message attribute '${name}' has an invalid message attribute type, ${kinds}`);
  }
  const content = kind === 'Binary' ? parseBinary(value) : optionalString(value, 'StringValue');
  if (!content) {
    const wanted = `non-empty message attribute value for message attribute type '${type}'`;
    throw refuse(`The message attribute '${name}' must contain ${wanted}.`);
  }
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(content)) {
    throw refuse(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return kind === 'Binary' ? { DataType: type, BinaryValue: content } : { DataType: type, StringValue: content };
}

/** A blob is base64 in JSON; a caller in process may hand in the bytes. */
function parseBinary(value: JsonObject): string | undefined {
  const bytes = value['BinaryValue'];
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : optionalString(value, 'BinaryValue');
}
