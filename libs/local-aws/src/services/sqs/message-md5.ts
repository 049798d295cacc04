import { createHash } from 'node:crypto';
import type { MessageAttributes } from '../../kit/message-attributes.ts';

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

const TRANSPORT = { string: 1, binary: 2 };

/**
 * The digest that SDKs compare: attributes in the order of their names, each as name, data type and value with their lengths
 * (4 bytes, big endian), the value after one byte that says whether it is text or binary. [recorded; documented: SQS Developer
 * Guide, "Calculating the MD5 message digest for message attributes"]
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const hash = createHash('md5');
  const field = (bytes: Uint8Array): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const { BinaryValue: binary, StringValue: text = '' } = attribute;
    field(Buffer.from(name));
    field(Buffer.from(attribute.DataType));
    hash.update(Uint8Array.of(binary === undefined ? TRANSPORT.string : TRANSPORT.binary));
    field(binary === undefined ? Buffer.from(text) : Buffer.from(binary, 'base64'));
  }
  return hash.digest('hex');
}
