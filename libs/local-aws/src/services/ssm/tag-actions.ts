import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { list, oneOf, required, text, type Members } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagList, type Tags } from '../../kit/tags.ts';

/** The types of resources that have tags here, and the tags of one of them. @throws {AwsError} where it is not there */
export type TagsByType = Readonly<Record<'Document' | 'Association', (id: string) => Tags>>;

const TYPES: readonly (keyof TagsByType)[] = ['Document', 'Association'];

const resource = {
  ResourceType: required(oneOf(TYPES)),
  ResourceId: required(text({ min: 1, max: 2048 })),
};

type Named = Members<typeof resource>;

const arnAsSeen = ({ ResourceType, ResourceId }: Named, caller: Caller): string =>
  arnOf(caller, 'ssm', `${ResourceType.toLowerCase()}/${ResourceId.replace(/^\//, '')}`);

/** The actions on tags. */
export function tagActions(tagsByType: TagsByType): Record<string, UnboundAction> {
  const evidence = 'documented';
  /** One refusal for whatever is not there. [documented: Systems Manager API Reference, "AddTagsToResource"] */
  const tagsOf = ({ ResourceType, ResourceId }: Named): Tags => {
    try {
      return tagsByType[ResourceType](ResourceId);
    } catch (cause) {
      if (!(cause instanceof AwsError)) throw cause;
      throw new AwsError(
        'InvalidResourceId',
        `The resource ID ${ResourceId} is not valid. Verify that you entered it.`,
      );
    }
  };
  return {
    AddTagsToResource: action(
      { ...resource, Tags: required(tagList('upper')) },
      {
        resources: (named, caller) => [arnAsSeen(named, caller)],
        evidence,
        run({ Tags: given, ...named }) {
          addTags(tagsOf(named), given);
          return {};
        },
      },
    ),

    RemoveTagsFromResource: action(
      { ...resource, TagKeys: required(list(text({ min: 1, max: 128 }))) },
      {
        resources: (named, caller) => [arnAsSeen(named, caller)],
        evidence,
        run({ TagKeys, ...named }) {
          removeTags(tagsOf(named), TagKeys);
          return {};
        },
      },
    ),

    ListTagsForResource: action(resource, {
      resources: (named, caller) => [arnAsSeen(named, caller)],
      evidence,
      run: (named) => ({ TagList: showTags(tagsOf(named), 'upper') }),
    }),
  };
}
