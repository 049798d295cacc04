import type { HttpAnswer } from '../../kernel/http.ts';

interface StructuredResult {
  readonly statusCode: number | string;
  readonly headers?: Readonly<Record<string, boolean | number | string>>;
  readonly cookies?: readonly string[];
  readonly body?: unknown;
  readonly isBase64Encoded?: boolean;
}

/** API Gateway's own answers. */
export const gatewayAnswer = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

export const internalServerError = (): HttpAnswer => gatewayAnswer(500, 'Internal Server Error');

/** A function's result as an HTTP answer: structured where it has a statusCode, else all of it is the body of a 200. */
export function toAnswer(result: unknown): HttpAnswer {
  if (!isStructured(result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const status = Number(result.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return internalServerError();
  const headers: HttpAnswer['headers'] = {};
  for (const [name, value] of Object.entries(result.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (result.cookies !== undefined) headers['set-cookie'] = [...result.cookies];
  headers['content-type'] ??= 'text/plain; charset=utf-8';
  delete headers['content-length'];
  delete headers['transfer-encoding'];
  const text =
    typeof result.body === 'string' ? result.body : result.body === undefined ? '' : JSON.stringify(result.body);
  return { status, headers, body: result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text };
}

const isStructured = (result: unknown): result is StructuredResult =>
  typeof result === 'object' && result !== null && 'statusCode' in result;
