import type { JsonObject } from '../kernel/service.ts';
import { list, mapOf, optional, required, structure, text, type Check } from './reader.ts';

export type Tags = Map<string, string>;
export type GivenTags = Readonly<Record<string, string>>;

/** AWS spells a tag in four ways. */
const SPELLINGS = { upper: ['Key', 'Value'], lower: ['key', 'value'], kms: ['TagKey', 'TagValue'] } as const;
export type TagSpelling = keyof typeof SPELLINGS;

/** Tags as a list of structures: `[{ Key, Value }]`, `[{ key, value }]` or `[{ TagKey, TagValue }]`. */
export function tagList(spelling: TagSpelling): Check<GivenTags | undefined> {
  const [key, value] = SPELLINGS[spelling];
  const items = list(
    structure({ [key]: required(text({ min: 1, max: 128 })), [value]: required(text({ max: 256 })) } as const),
  );
  return optional((given, path, reading) => {
    const pairs = items(given, path, reading).map((tag) => [String(tag[key]), String(tag[value])]);
    return Object.fromEntries(pairs) as GivenTags;
  });
}

/** Tags as a map of strings. */
export const tagMap: Check<GivenTags | undefined> = optional(mapOf(text({ max: 256 })));

export const tagKeys = required(list(text()));

export function addTags(tags: Tags, given: GivenTags | undefined): Tags {
  for (const [key, value] of Object.entries(given ?? {})) tags.set(key, value);
  return tags;
}

export function removeTags(tags: Tags, keys: readonly string[]): void {
  for (const key of keys) tags.delete(key);
}

/** The tags in the service's spelling. */
export function showTags(tags: Tags, spelling: TagSpelling): JsonObject[] {
  const [key, value] = SPELLINGS[spelling];
  return [...tags].map(([name, content]) => ({ [key]: name, [value]: content }));
}
