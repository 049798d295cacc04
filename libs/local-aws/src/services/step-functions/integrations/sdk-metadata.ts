import type { Json } from '@baton/asl';
import type { World } from '../../../kernel/service.ts';

/** The two members that optimised integrations add to a service's answer. */
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

export const JSON_CONTENT = 'application/x-amz-json-1.0';

/** A JSON service's answer with the metadata of its response. */
export function withMetadata(world: World, answer: Record<string, unknown>, extra?: Record<string, string>): Json {
  const metadata = sdkMetadata(world, JSON_CONTENT, JSON.stringify(answer).length, extra);
  return { ...answer, ...metadata };
}
