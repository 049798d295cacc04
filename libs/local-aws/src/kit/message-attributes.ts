/** The attributes of messages, which SQS and SNS read and check alike. */
import type { AwsError } from '../kernel/aws-error.ts';
import { blob, mapOf, optional, structure, text, withDefault } from './reader.ts';

/** One attribute, checked, in the shape of the AWS model. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64, as JSON responses and Lambda events carry it. */
  readonly BinaryValue?: string;
}
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** `MessageAttributes` in a request. */
export const messageAttributes = withDefault(
  mapOf(structure({ DataType: optional(text()), StringValue: optional(text()), BinaryValue: optional(blob()) })),
  {},
);
export type GivenAttributes = ReturnType<typeof messageAttributes>;

/** How the service refuses: SQS and SNS use the same words with different codes. */
type Refuse = (message: string) => AwsError;

/** @throws {AwsError} made by `refuse`, for a bad name, type or value */
export function checkMessageAttributes(given: GivenAttributes, refuse: Refuse): MessageAttributes {
  return Object.fromEntries(
    Object.entries(given).map(([name, attribute]) => {
      checkName(name, refuse);
      return [name, checkAttribute(name, attribute, refuse)];
    }),
  );
}

/** What the attributes add to the size of their message: names, types and values. [documented: SQS Developer Guide, "Message attributes"] */
export function attributesBytes(attributes: GivenAttributes): number {
  let bytes = 0;
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType);
    bytes += BinaryValue === undefined ? Buffer.byteLength(StringValue) : BinaryValue.length;
  }
  return bytes;
}

const NAME = /^(?!aws\.|amazon\.|\.)[A-Za-z0-9_.-]{1,256}$/i;

function checkName(name: string, refuse: Refuse): void {
  const good = NAME.test(name) && !name.endsWith('.') && !name.includes('..');
  if (!good) throw refuse(`The message attribute name '${name}' is invalid.`);
}

function checkAttribute(name: string, attribute: GivenAttributes[string], refuse: Refuse): MessageAttribute {
  const { DataType, StringValue, BinaryValue } = attribute;
  if (!DataType) throw refuse(`The message attribute '${name}' must contain non-empty message attribute type.`);
  const kind = DataType.split('.', 1)[0] ?? '';
  if (!['String', 'Number', 'Binary'].includes(kind)) {
    const kinds = 'the set of supported type prefixes is Binary, Number, and String.';
    throw refuse(`The message attribute '${name}' has an invalid message attribute type, ${kinds}`);
  }
  const content = kind === 'Binary' ? BinaryValue && Buffer.from(BinaryValue).toString('base64') : StringValue;
  if (!content) {
    const wanted = `non-empty message attribute value for message attribute type '${DataType}'`;
    throw refuse(`The message attribute '${name}' must contain ${wanted}.`);
  }
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(content)) {
    throw refuse(`Can't cast the value of message attribute '${name}' to a number.`);
  }
  return kind === 'Binary' ? { DataType, BinaryValue: content } : { DataType, StringValue: content };
}
