import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { flag, list, oneOf, optional, required, structure, text, withDefault, type Members } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList, type Tags } from '../../kit/tags.ts';
import { badRequest, EVENT_TYPES, notFound, type EventDestination, type SesState } from './ses-state.ts';

const setName = { ConfigurationSetName: required(text({ min: 1, max: 64, pattern: /[A-Za-z0-9_-]+/ })) };
const destinationName = { EventDestinationName: required(text({ min: 1, max: 64 })) };
const given = {
  EventDestination: required(
    structure({
      Enabled: withDefault(flag, false),
      MatchingEventTypes: withDefault(list(oneOf(EVENT_TYPES)), []),
      EventBridgeDestination: optional(structure({ EventBusArn: required(text()) })),
    }),
  ),
};

type Named = { readonly ConfigurationSetName: string };
const arnsOf =
  (state: SesState) =>
  ({ ConfigurationSetName }: Named): string[] => [state.arn('configuration-set', ConfigurationSetName)];

/** Sets of settings that mails are sent with. */
export const configurationSetActions = (state: SesState): Record<string, UnboundAction> => {
  const resources = arnsOf(state);
  return {
    CreateConfigurationSet: action(
      { ...setName, Tags: tagList('upper') },
      {
        resources,
        evidence: 'documented',
        run({ ConfigurationSetName: name, Tags }) {
          if (state.configurationSets.has(name)) {
            throw new AwsError('AlreadyExistsException', `Configuration set <${name}> already exists.`);
          }
          const arn = state.arn('configuration-set', name);
          state.configurationSets.set(name, { name, arn, destinations: new Map(), tags: addTags(new Map(), Tags) });
          return {};
        },
      },
    ),

    GetConfigurationSet: action(setName, {
      resources,
      evidence: 'documented',
      run({ ConfigurationSetName }) {
        const { name, tags } = state.configurationSet(ConfigurationSetName);
        return {
          ConfigurationSetName: name,
          DeliveryOptions: { TlsPolicy: 'OPTIONAL' },
          ReputationOptions: { ReputationMetricsEnabled: false },
          SendingOptions: { SendingEnabled: true },
          Tags: showTags(tags, 'upper'),
        };
      },
    }),

    DeleteConfigurationSet: action(setName, {
      resources,
      evidence: 'documented',
      run({ ConfigurationSetName }) {
        state.configurationSets.delete(state.configurationSet(ConfigurationSetName).name);
        return {};
      },
    }),
  };
};

/** Where the events of a configuration set's mails go. */
export const destinationActions = (state: SesState): Record<string, UnboundAction> => {
  const resources = arnsOf(state);
  return {
    CreateConfigurationSetEventDestination: action(
      { ...setName, ...destinationName, ...given },
      {
        resources,
        evidence: 'documented',
        run({ ConfigurationSetName, EventDestinationName, EventDestination }) {
          const { destinations } = state.configurationSet(ConfigurationSetName);
          if (destinations.has(EventDestinationName)) {
            throw new AwsError('AlreadyExistsException', `Event destination <${EventDestinationName}> already exists.`);
          }
          destinations.set(EventDestinationName, destinationOf(EventDestination));
          return {};
        },
      },
    ),

    UpdateConfigurationSetEventDestination: action(
      { ...setName, ...destinationName, ...given },
      {
        resources,
        evidence: 'documented',
        run({ ConfigurationSetName, EventDestinationName, EventDestination }) {
          const destinations = destinationsWith(state, ConfigurationSetName, EventDestinationName);
          destinations.set(EventDestinationName, destinationOf(EventDestination));
          return {};
        },
      },
    ),

    GetConfigurationSetEventDestinations: action(setName, {
      resources,
      evidence: 'documented',
      run: ({ ConfigurationSetName }) => ({
        EventDestinations: [...state.configurationSet(ConfigurationSetName).destinations].map(
          ([Name, { enabled, types, busArn }]) => ({
            Name,
            Enabled: enabled,
            MatchingEventTypes: types,
            EventBridgeDestination: { EventBusArn: busArn },
          }),
        ),
      }),
    }),

    DeleteConfigurationSetEventDestination: action(
      { ...setName, ...destinationName },
      {
        resources,
        evidence: 'documented',
        run({ ConfigurationSetName, EventDestinationName }) {
          destinationsWith(state, ConfigurationSetName, EventDestinationName).delete(EventDestinationName);
          return {};
        },
      },
    ),
  };
};

/** @throws {AwsError} NotFoundException */
function destinationsWith(state: SesState, set: string, name: string): Map<string, EventDestination> {
  const { destinations } = state.configurationSet(set);
  if (!destinations.has(name)) throw notFound(`Event destination <${name}> does not exist.`);
  return destinations;
}

/** Only the default bus takes events of SES. [documented: SES Developer Guide, "Set up an EventBridge event destination"] */
function destinationOf(definition: Members<typeof given>['EventDestination']): EventDestination {
  const { Enabled: enabled, MatchingEventTypes: types, EventBridgeDestination: bridge } = definition;
  if (types.length === 0) throw badRequest('MatchingEventTypes must not be empty.');
  if (bridge === undefined) throw badRequest('Local AWS has EventBridge destinations only.');
  if (!bridge.EventBusArn.endsWith(':event-bus/default')) {
    throw badRequest('Only the default event bus is supported for EventBridge destinations.');
  }
  return { enabled, types, busArn: bridge.EventBusArn };
}

/** The actions on the tags of identities and configuration sets. */
export const tagActions = (state: SesState): Record<string, UnboundAction> => {
  const resource = { ResourceArn: required(text()) };
  const resources = ({ ResourceArn }: { readonly ResourceArn: string }): string[] => [ResourceArn];
  const tagsOf = (arn: string): Tags => {
    const holders = [...state.identities.values(), ...state.configurationSets.values()];
    const holder = holders.find((each) => each.arn === arn);
    if (holder === undefined) throw notFound(`Resource <${arn}> does not exist.`);
    return holder.tags;
  };
  return {
    ListTagsForResource: action(resource, {
      resources,
      evidence: 'documented',
      run: ({ ResourceArn }) => ({ Tags: showTags(tagsOf(ResourceArn), 'upper') }),
    }),
    TagResource: action(
      { ...resource, Tags: tagList('upper') },
      {
        resources,
        evidence: 'documented',
        run({ ResourceArn, Tags }) {
          addTags(tagsOf(ResourceArn), Tags);
          return {};
        },
      },
    ),
    UntagResource: action(
      { ...resource, TagKeys: tagKeys },
      {
        resources,
        evidence: 'documented',
        run({ ResourceArn, TagKeys }) {
          removeTags(tagsOf(ResourceArn), TagKeys);
          return {};
        },
      },
    ),
  };
};
