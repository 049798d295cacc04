import { action, type UnboundAction } from '../../kit/action.ts';
import { required, type Check } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList } from '../../kit/tags.ts';
import type { Entities, Entity } from './entities.ts';
import { pageMembers, pageShape } from './members.ts';

interface Taggable {
  /** As the actions' names end: `Role` of `TagRole`. */
  readonly kind: string;
  /** The member that names the entity. */
  readonly member: string;
  readonly check: Check<string>;
  readonly entities: Entities<Entity>;
  readonly resource: (name: string) => string;
}

/** `TagRole`, `UntagRole` and `ListRoleTags`, and the same for the other kinds. */
export function tagActions({ kind, member, check, entities, resource }: Taggable): Record<string, UnboundAction> {
  const byName = { [member]: check };
  const name = (request: Readonly<Record<string, unknown>>): string => String(request[member]);
  const resources = (request: Readonly<Record<string, unknown>>): string[] => [resource(name(request))];
  const evidence = 'documented';
  return {
    [`Tag${kind}`]: action(
      { ...byName, Tags: required(tagList('upper')) },
      {
        resources,
        evidence,
        run({ Tags, ...request }) {
          addTags(entities.find(name(request)).tags, Tags);
          return {};
        },
      },
    ),

    [`Untag${kind}`]: action(
      { ...byName, TagKeys: tagKeys },
      {
        resources,
        evidence,
        run({ TagKeys, ...request }) {
          removeTags(entities.find(name(request)).tags, TagKeys);
          return {};
        },
      },
    ),

    [`List${kind}Tags`]: action(
      { ...byName, ...pageMembers },
      {
        resources,
        evidence,
        run: (request) => pageShape('Tags', showTags(entities.find(name(request)).tags, 'upper'), request),
      },
    ),
  };
}
