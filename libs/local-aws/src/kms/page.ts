import { AwsError } from '../aws-error.ts';
import type { JsonObject } from '../service.ts';
import { integer, optionalText } from './members.ts';

/** `Limit` items from `Marker` on, and the members that say whether there are more. */
export function onePage<T>(
  items: readonly T[],
  input: JsonObject,
  usual: number,
): { page: readonly T[]; rest: JsonObject } {
  const limit = integer(input, 'Limit', 1, 1000) ?? usual;
  const start = Number(optionalText(input, 'Marker') ?? 0);
  if (!Number.isSafeInteger(start) || start < 0)
    throw new AwsError('InvalidMarkerException', 'Could not deserialize marker');
  const end = start + limit;
  const more = end < items.length;
  return { page: items.slice(start, end), rest: { ...(more && { NextMarker: String(end) }), Truncated: more } };
}
