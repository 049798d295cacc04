import type { JsonObject, ServiceId } from '../service.ts';

/** The members that are bytes in the API model: base64 text in JSON, Uint8Array inside. DynamoDB and SQS keep the text. */
const BLOB_MEMBERS: Partial<Record<ServiceId, readonly string[]>> = {
  kms: ['Message', 'Mac', 'Plaintext', 'CiphertextBlob'],
};

function mapBlobs(service: ServiceId, members: JsonObject, change: (value: unknown) => unknown): JsonObject {
  const names = BLOB_MEMBERS[service];
  if (names === undefined) return members;
  const changed = { ...members };
  for (const name of names) if (name in changed) changed[name] = change(changed[name]);
  return changed;
}

export const decodeBlobs = (service: ServiceId, input: JsonObject): JsonObject =>
  mapBlobs(service, input, (value) => (typeof value === 'string' ? Buffer.from(value, 'base64') : value));

export const encodeBlobs = (service: ServiceId, output: JsonObject): JsonObject =>
  mapBlobs(service, output, (value) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value));
