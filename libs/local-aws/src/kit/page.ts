import type { AwsError } from '../kernel/aws-error.ts';

export interface PageRequest {
  /** At most so many items; 0 or undefined for the service's usual size. */
  readonly size?: number | undefined;
  readonly token?: string | undefined;
}

export interface PageRules<T> {
  /** Where the request names no size. */
  readonly usual: number;
  /** The service's refusal of a token that it did not give out. */
  readonly refuse: () => AwsError;
  /** From the last item down. What is appended between two pages does not shift them. */
  readonly reverse?: boolean;
  readonly keep?: (item: T) => boolean;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; opaque, and undefined on the last page. */
  readonly next?: string;
}

/** One page of a list. It costs its own length; with `keep`, also what it skips. */
export function pageOf<T>(list: readonly T[], request: PageRequest, rules: PageRules<T>): Page<T> {
  const { reverse = false, keep = () => true, usual } = rules;
  const size = request.size || usual;
  const step = reverse ? -1 : 1;
  const items: T[] = [];
  let index = start(request.token, rules) ?? (reverse ? list.length - 1 : 0);
  for (; index >= 0 && index < list.length; index += step) {
    const item = list[index] as T;
    if (!keep(item)) continue;
    if (items.length === size) return { items, next: Buffer.from(`page:${index}`).toString('base64') };
    items.push(item);
  }
  return { items };
}

function start<T>(token: string | undefined, rules: PageRules<T>): number | undefined {
  if (token === undefined) return undefined;
  const digits = /^page:(\d+)$/.exec(Buffer.from(token, 'base64').toString('latin1'))?.[1];
  if (digits === undefined) throw rules.refuse();
  return Number(digits);
}
