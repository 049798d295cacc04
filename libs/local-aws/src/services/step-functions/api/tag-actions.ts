import { AwsError } from '../../../kernel/aws-error.ts';
import type { LegacyAction as Action } from '../../../kit/legacy.ts';
import type { Activities } from '../run/activities.ts';
import { parseArn } from './arn.ts';
import { resourceNotFound } from './refusals.ts';
import { arn, list, readRequest, required, tagMembers, text } from './request.ts';
import type { StateMachineStore } from '../run/state-machine-store.ts';

const MAX_TAGS = 50;

/** State machines and activities have tags; versions and aliases have none. */
export function createTagActions(machines: StateMachineStore, activities: Activities): Record<string, Action> {
  const tagsOf = (resourceArn: string): Map<string, string> => {
    const { text: known } = parseArn(resourceArn, 'stateMachine', 'activity');
    const tags = (machines.byArn.get(known) ?? activities.byArn.get(known))?.tags;
    if (tags === undefined) throw resourceNotFound(resourceArn);
    return tags;
  };
  return {
    TagResource(input) {
      const request = readRequest(input, { resourceArn: arn, tags: required(tagMembers) });
      const tags = tagsOf(request.resourceArn);
      const added = request.tags ?? [];
      if (new Set([...tags.keys(), ...added.map(({ key }) => key)]).size > MAX_TAGS) {
        throw new AwsError('TooManyTags', `Too many tags: at most ${MAX_TAGS} for ${request.resourceArn}`);
      }
      for (const { key, value } of added) tags.set(key, value);
      return {};
    },
    UntagResource(input) {
      const request = readRequest(input, { resourceArn: arn, tagKeys: required(list(text({ min: 1, max: 128 }))) });
      const tags = tagsOf(request.resourceArn);
      for (const key of request.tagKeys) tags.delete(key);
      return {};
    },
    ListTagsForResource(input) {
      const tags = tagsOf(readRequest(input, { resourceArn: arn }).resourceArn);
      return { tags: [...tags].map(([key, value]) => ({ key, value })) };
    },
  };
}
