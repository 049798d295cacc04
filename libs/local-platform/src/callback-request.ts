import type { ObservedCall } from '@baton/local-aws';

/** A request to the completer's HTTP handler, and its response. */
export interface CallbackRequest {
  readonly callbackId: string;
  /** `claim`, `heartbeat`, `success`, `failure`, or `status` for a GET. */
  readonly verb: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** @returns the request that an observed call is; undefined for any other call */
export function callbackRequest({ service, action, input, output }: ObservedCall): CallbackRequest | undefined {
  const callbackId = (input['pathParameters'] as { callbackId?: string } | undefined)?.callbackId;
  if (service !== 'execute-api' || callbackId === undefined) return undefined;
  return {
    callbackId,
    verb: /\{callbackId\}\/(\w+)$/.exec(action)?.[1] ?? 'status',
    request: parseObject(input['body']),
    status: Number(output?.['statusCode']),
    answer: parseObject(output?.['body']),
  };
}

function parseObject(body: unknown): Record<string, unknown> {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
