/** One request, read whole. Header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded. */
  readonly path: string;
  /** What follows the `?` as sent, or the empty string. */
  readonly query: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  readonly sourceIp: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly body: string | Uint8Array;
}

/** A header's text; of a repeated header all values, as one list. */
export function header(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|[\w.-]+\.localhost|\[::1\])(:\d+)?$/;

/**
 * Whether a request was sent to this machine by one of its own names. A web page that a browser here has open can make its own
 * name point here ("DNS rebinding"), but then the Host header still has that name.
 */
export const isForThisMachine = (host: string | undefined): boolean => LOOPBACK.test(host ?? '');
