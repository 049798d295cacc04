/** What API Gateway sends to the handlers of HTTP requests and takes from them: an HTTP API, payload version 2.0. */
import {
  BatonError,
  CallbackId,
  MAX_REPORT_BYTES,
  parse,
  type Millis,
  WORK_SECRET_HEADER,
  WorkSecret,
} from '@baton/token-lib';
import * as z from 'zod/mini';
import type { Caller } from './http/caller-identity.ts';

const Body = { body: z.optional(z.string()), isBase64Encoded: z.optional(z.boolean()) };

/** The part of an event that the handler of hosts and workers reads. */
const CallbackEvent = z.object({
  ...Body,
  routeKey: z.string(),
  /** Their names are in lower case. */
  headers: z.optional(z.record(z.string(), z.string())),
  pathParameters: z.optional(z.object({ callbackId: z.optional(z.string()) })),
  requestContext: z.object({
    timeEpoch: z.number(),
    authorizer: z.optional(z.object({ iam: z.optional(z.object({ accountId: z.string(), userArn: z.string() })) })),
  }),
});

export interface CallbackRequest {
  readonly routeKey: string;
  readonly callbackId: CallbackId;
  /** Undefined where there is none. */
  readonly body: unknown;
  readonly caller: Caller;
  /** Undefined where none came, or what came cannot be one. */
  readonly workSecret: WorkSecret | undefined;
  readonly at: Millis;
}

/** @throws {BatonError} `InvalidRequest`, `OutputTooLarge`; `Forbidden` without a signature */
export function parseCallbackRequest(event: unknown): CallbackRequest {
  const { routeKey, headers, pathParameters, requestContext, ...body } = parse(CallbackEvent, event);
  const caller = requestContext.authorizer?.iam;
  if (caller === undefined) throw new BatonError('Forbidden', 'the request must be signed (Signature Version 4)');
  const callbackId = parse(z.object({ callbackId: CallbackId }), pathParameters ?? {}).callbackId;
  const text = textOf(body);
  return {
    routeKey,
    callbackId,
    body: text === '' ? undefined : parseBody(text),
    caller,
    workSecret: WorkSecret.of(headers?.[WORK_SECRET_HEADER]),
    at: requestContext.timeEpoch,
  };
}

/** The part of an event that the handlers of links read. Nothing of it is logged. */
const LinkEvent = z.object({
  ...Body,
  headers: z.record(z.string(), z.string()),
  pathParameters: z.object({ link: z.string() }),
  requestContext: z.object({ timeEpoch: z.number(), http: z.object({ method: z.string() }) }),
});

export interface LinkRequest {
  readonly method: string;
  readonly link: string;
  /** Without parameters, in lower case; empty where there is none. */
  readonly contentType: string;
  readonly body: string;
  readonly at: Millis;
}

/** @throws {BatonError} `InvalidRequest` */
export function parseLinkRequest(event: unknown): LinkRequest {
  const { headers, pathParameters, requestContext, ...body } = parse(LinkEvent, event);
  return {
    method: requestContext.http.method,
    link: pathParameters.link,
    contentType: (headers['content-type'] ?? '').replace(/;.*$/s, '').trim().toLowerCase(),
    body: textOf(body),
    at: requestContext.timeEpoch,
  };
}

const textOf = ({
  body = '',
  isBase64Encoded = false,
}: {
  body?: string | undefined;
  isBase64Encoded?: boolean | undefined;
}) => (isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);

/**
 * Parses a body as JSON, whatever content type it claims.
 *
 * @throws {BatonError} `InvalidRequest`, without showing what came
 * @throws {BatonError} `OutputTooLarge` for text that would take more memory as a value than the function has
 */
export function parseBody(text: string): unknown {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > MAX_REPORT_BYTES) {
    throw new BatonError('OutputTooLarge', `the body has ${bytes} bytes, and a report has ${MAX_REPORT_BYTES} at most`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new BatonError('InvalidRequest', 'the body must be JSON');
  }
}

/** An answer before it has API Gateway's form. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: object;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const toResponse = ({ status, body }: HttpAnswer): HttpResponse => ({
  statusCode: status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
