import { invalidToken } from './refusals.ts';

export interface PageRequest {
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins, as an opaque text. */
  readonly nextToken?: string;
}

interface PageOptions<T> {
  /** From the last one down. What is appended between two pages does not shift them. */
  readonly reverse?: boolean;
  readonly keep?: (item: T) => boolean;
}

/** Where the request names no size, or 0. */
const DEFAULT_SIZE = 100;

/**
 * One page of a list. It costs its own length; with `keep`, also what it skips.
 * @throws {AwsError} InvalidToken for a token that was not given out here
 */
export function pageOf<T>(list: readonly T[], request: PageRequest, options: PageOptions<T> = {}): Page<T> {
  const size = request.maxResults || DEFAULT_SIZE;
  const { reverse = false, keep = () => true } = options;
  const step = reverse ? -1 : 1;
  const items: T[] = [];
  let index = readToken(request.nextToken) ?? (reverse ? list.length - 1 : 0);
  for (; index >= 0 && index < list.length; index += step) {
    const item = list[index] as T;
    if (!keep(item)) continue;
    if (items.length === size) return { items, nextToken: writeToken(index) };
    items.push(item);
  }
  return { items };
}

const writeToken = (index: number): string => Buffer.from(`page:${index}`).toString('base64');

function readToken(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const digits = /^page:(\d+)$/.exec(Buffer.from(token, 'base64').toString('latin1'))?.[1];
  if (digits === undefined) throw invalidToken('Invalid token');
  return Number(digits);
}
