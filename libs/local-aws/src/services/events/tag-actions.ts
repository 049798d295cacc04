import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { Buses } from './buses.ts';

export type Tags = Map<string, string>;

/** Rules and buses have tags, by their ARN. */
export function createTagActions(buses: Buses): Readonly<Record<string, Action>> {
  const find = ({ ResourceARN }: JsonObject): Tags => {
    const arn = String(ResourceARN);
    const [, bus = 'default', rule] = /:rule\/(?:(.+)\/)?([^/]+)$/.exec(arn) ?? [];
    const tags = rule === undefined ? buses.find(arn).tags : buses.find(bus).rules.get(rule)?.tags;
    if (tags !== undefined) return tags;
    throw new AwsError('ResourceNotFoundException', `Rule ${String(rule)} does not exist on EventBus ${bus}.`);
  };
  return {
    TagResource(input) {
      addTags(find(input), input['Tags']);
      return {};
    },
    UntagResource(input) {
      const tags = find(input);
      for (const key of (input['TagKeys'] ?? []) as string[]) tags.delete(key);
      return {};
    },
    ListTagsForResource: (input) => ({ Tags: [...find(input)].map(([Key, Value]) => ({ Key, Value })) }),
  };
}

/** @throws {AwsError} ValidationException */
export function addTags(tags: Tags, given: unknown): Tags {
  if (given !== undefined && !Array.isArray(given)) throw new AwsError('ValidationException', 'Tags must be a list.');
  for (const { Key, Value } of (given ?? []) as { Key?: unknown; Value?: unknown }[]) {
    if (typeof Key !== 'string' || typeof Value !== 'string') {
      throw new AwsError('ValidationException', 'Every tag needs a Key and a Value.');
    }
    tags.set(Key, Value);
  }
  return tags;
}
