import { AwsError } from '../../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../../kit/action.ts';
import { required } from '../../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList, type Tags } from '../../../kit/tags.ts';
import { readArn } from '../arn.ts';
import { resourceNotFound } from '../refusals.ts';
import type { Runtime } from '../run/runtime.ts';
import { arn } from './members.ts';

/** [documented: Service quotas] */
const MAX_TAGS = 50;

/** State machines and activities have tags; versions and aliases have none. */
export function tagActions({ machines, activities }: Runtime): Record<string, UnboundAction> {
  const evidence = 'documented';
  const tagsOf = (resourceArn: string): Tags => {
    const { text: known } = readArn(resourceArn, 'stateMachine', 'activity');
    const tags = (machines.byArn.get(known) ?? activities.byArn.get(known))?.tags;
    if (tags === undefined) throw resourceNotFound(resourceArn);
    return tags;
  };
  return {
    TagResource: action(
      { resourceArn: arn, tags: required(tagList('lower')) },
      {
        resources: ({ resourceArn }) => [resourceArn],
        evidence,
        run({ resourceArn, tags: given }) {
          const tags = tagsOf(resourceArn);
          if (addTags(new Map(tags), given).size > MAX_TAGS) {
            throw new AwsError('TooManyTags', `Too many tags: at most ${MAX_TAGS} for ${resourceArn}`);
          }
          addTags(tags, given);
          return {};
        },
      },
    ),

    UntagResource: action(
      { resourceArn: arn, tagKeys },
      {
        resources: ({ resourceArn }) => [resourceArn],
        evidence,
        run({ resourceArn, tagKeys: keys }) {
          removeTags(tagsOf(resourceArn), keys);
          return {};
        },
      },
    ),

    ListTagsForResource: action(
      { resourceArn: arn },
      {
        resources: ({ resourceArn }) => [resourceArn],
        evidence,
        run: ({ resourceArn }) => ({ tags: showTags(tagsOf(resourceArn), 'lower') }),
      },
    ),
  };
}
