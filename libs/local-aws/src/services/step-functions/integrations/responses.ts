import type { Json } from '@baton/asl';
import type { JsonObject, World } from '../../../kernel/service.ts';

/** A response as JSON: a blob is the text that it holds; members that are undefined are left out. */
export function jsonOf(value: unknown): Json {
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value === 'object' && value !== null) return jsonMembersOf(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

export function jsonMembersOf(response: object): Record<string, Json> {
  const present = Object.entries(response).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, jsonOf(member)]));
}

/** The two members that optimised integrations add to a service's response. */
export function sdkMetadata(
  world: World,
  contentType: string,
  contentLength: number,
  extra: Record<string, string> = {},
) {
  const requestId = world.uuid();
  const headers: Record<string, string> = {
    connection: 'keep-alive',
    'Content-Length': String(contentLength),
    'Content-Type': contentType,
    Date: new Date(world.clock.now()).toUTCString(),
    'x-amzn-RequestId': requestId,
    ...extra,
  };
  const all = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  return {
    SdkHttpMetadata: { AllHttpHeaders: all, HttpHeaders: headers, HttpStatusCode: 200 },
    SdkResponseMetadata: { RequestId: requestId },
  } satisfies Record<string, Json>;
}

/** A service's response with its metadata. */
export function withMetadata(
  world: World,
  response: JsonObject,
  extra?: Record<string, string>,
  contentType = 'application/x-amz-json-1.0',
): Json {
  const metadata = sdkMetadata(world, contentType, JSON.stringify(response).length, extra);
  return { ...jsonMembersOf(response), ...metadata };
}
