import { AwsError } from '../../kernel/aws-error.ts';

/** `METHOD /path/{parameter}/{rest+}`, or `$default`. */
export interface RouteKey {
  readonly text: string;
  /** `ANY` for all; undefined for `$default`. */
  readonly method: string | undefined;
  readonly segments: readonly string[];
}

const METHODS = new Set(['ANY', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** @throws {AwsError} BadRequestException */
export function parseRouteKey(text: unknown): RouteKey {
  if (text === '$default') return { text, method: undefined, segments: [] };
  const [, method, path] = /^([A-Z]+) (\/\S*)$/.exec(String(text)) ?? [];
  if (method === undefined || path === undefined || !METHODS.has(method)) {
    throw new AwsError('BadRequestException', `The provided route key is not formatted properly: ${String(text)}`);
  }
  const segments = path.split('/').slice(1);
  const greedy = segments.findIndex((segment) => /^\{.+\+\}$/.test(segment));
  if (greedy >= 0 && greedy < segments.length - 1) {
    throw new AwsError('BadRequestException', 'A greedy path variable must be at the end of the path of a route key');
  }
  return { text: `${method} ${path}`, method, segments };
}

export type PathParameters = Readonly<Record<string, string>>;

/** The parameters where the route takes the request; parts of the path come percent-encoded and are given decoded. */
export function matchRoute(key: RouteKey, method: string, path: string): PathParameters | undefined {
  if (key.method === undefined) return {};
  if (key.method !== 'ANY' && key.method !== method) return undefined;
  const parts = path.split('/').slice(1);
  const parameters: Record<string, string> = {};
  for (const [index, segment] of key.segments.entries()) {
    const part = parts[index];
    if (part === undefined) return undefined;
    if (!segment.startsWith('{')) {
      if (segment !== part) return undefined;
    } else if (segment.endsWith('+}')) {
      parameters[segment.slice(1, -2)] = decode(parts.slice(index).join('/'));
      return parameters;
    } else if (part === '') return undefined;
    else parameters[segment.slice(1, -1)] = decode(part);
  }
  return parts.length === key.segments.length ? parameters : undefined;
}

/** The most specific first: a whole match before a greedy one, fixed parts before parameters, a method before ANY, then $default. */
export function compareRoutes(a: RouteKey, b: RouteKey): number {
  const [left, right] = [rank(a), rank(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(key: RouteKey): string {
  if (key.method === undefined) return '9';
  const kinds = key.segments.map((segment) => (!segment.startsWith('{') ? '0' : segment.endsWith('+}') ? '2' : '1'));
  const greedy = kinds.at(-1) === '2' ? '1' : '0';
  return `${greedy}${kinds.join('')}${key.method === 'ANY' ? '1' : '0'}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
