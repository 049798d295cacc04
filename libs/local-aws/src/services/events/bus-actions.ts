import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text, withDefault } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList, type Tags } from '../../kit/tags.ts';
import { busArn, listOf, pageMembers, type Bus, type Buses } from './buses.ts';

const newName = required(text({ min: 1, max: 256, pattern: /[.\-_A-Za-z0-9]+/, patternText: '[/\\.\\-_A-Za-z0-9]+' }));

/** The actions on buses. */
export const busActions = (buses: Buses): Record<string, UnboundAction> => ({
  CreateEventBus: action(
    { Name: newName, Tags: tagList('upper') },
    {
      resources: ({ Name }, caller) => [busArn(caller, Name)],
      evidence: 'documented',
      run({ Name, Tags }) {
        if (buses.get(Name)) throw new AwsError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
        const bus = buses.add(Name);
        addTags(bus.tags, Tags);
        return { EventBusArn: bus.arn };
      },
    },
  ),

  DeleteEventBus: action(
    { Name: required(text({ min: 1, max: 256 })) },
    {
      resources: ({ Name }, caller) => [busArn(caller, Name)],
      evidence: 'documented',
      run({ Name }) {
        buses.delete(Name);
        return {};
      },
    },
  ),

  DescribeEventBus: action(
    { Name: withDefault(text({ min: 1, max: 1600 }), 'default') },
    {
      resources: ({ Name }, caller) => [busArn(caller, Name)],
      evidence: 'documented',
      run: ({ Name }) => describe(buses.find(Name)),
    },
  ),

  ListEventBuses: action(
    { NamePrefix: optional(text({ min: 1, max: 256 })), ...pageMembers },
    {
      evidence: 'documented',
      run({ NamePrefix = '', ...page }) {
        const { items, next } = listOf(
          buses.all().filter(({ name }) => name.startsWith(NamePrefix)),
          page,
        );
        return { EventBuses: items.map(describe), ...next };
      },
    },
  ),
});

const describe = ({ name, arn }: Bus): JsonObject => ({ Name: name, Arn: arn });

/** The actions on the tags of rules and buses, by their ARN. */
export function tagActions(buses: Buses): Record<string, UnboundAction> {
  const ofResource = { ResourceARN: required(text({ min: 1, max: 1600 })) };
  return {
    TagResource: action(
      { ...ofResource, Tags: tagList('upper') },
      {
        resources: ({ ResourceARN }) => [ResourceARN],
        evidence: 'documented',
        run({ ResourceARN, Tags }) {
          addTags(tagsOf(buses, ResourceARN), Tags);
          return {};
        },
      },
    ),

    UntagResource: action(
      { ...ofResource, TagKeys: tagKeys },
      {
        resources: ({ ResourceARN }) => [ResourceARN],
        evidence: 'documented',
        run({ ResourceARN, TagKeys }) {
          removeTags(tagsOf(buses, ResourceARN), TagKeys);
          return {};
        },
      },
    ),

    ListTagsForResource: action(ofResource, {
      resources: ({ ResourceARN }) => [ResourceARN],
      evidence: 'documented',
      run: ({ ResourceARN }) => ({ Tags: showTags(tagsOf(buses, ResourceARN), 'upper') }),
    }),
  };
}

/** @throws {AwsError} ResourceNotFoundException */
function tagsOf(buses: Buses, arn: string): Tags {
  const [, bus = 'default', rule] = /:rule\/(?:(.+)\/)?([^/]+)$/.exec(arn) ?? [];
  return rule === undefined ? buses.find(arn).tags : buses.findRule(rule, bus).tags;
}
