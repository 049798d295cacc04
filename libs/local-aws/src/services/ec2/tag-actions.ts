import { AwsError } from '../../kernel/aws-error.ts';
import type { Caller } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { arnOf } from '../../kit/arn.ts';
import { list, optional, required, structure, text } from '../../kit/reader.ts';
import type { Hosts } from './hosts.ts';
import { tagMembers } from './instance-settings.ts';
import { filters, selectHosts } from './select-hosts.ts';

const resources = required(list(text({ min: 1 }), { min: 1 }));

const arns = (caller: Caller, ids: readonly string[]): string[] =>
  ids.map((id) => arnOf(caller, 'ec2', `${id.startsWith('vol-') ? 'volume' : 'instance'}/${id}`));

/** The tags of instances, which change while they run: commands and associations find hosts by them. */
export const tagActions = (hosts: Hosts): Record<string, UnboundAction> => ({
  CreateTags: action(
    { ResourceIds: resources, Tags: tagMembers },
    {
      resources: ({ ResourceIds }, caller) => arns(caller, ResourceIds),
      evidence: 'documented',
      run({ ResourceIds, Tags }) {
        for (const host of selectHosts(hosts, { InstanceIds: ResourceIds })) {
          for (const { Key, Value } of Tags) host.tags[Key] = Value;
        }
        return {};
      },
    },
  ),

  DeleteTags: action(
    { ResourceIds: resources, Tags: optional(list(structure({ Key: text(), Value: optional(text()) }))) },
    {
      resources: ({ ResourceIds }, caller) => arns(caller, ResourceIds),
      evidence: 'documented',
      run({ ResourceIds, Tags }) {
        for (const host of selectHosts(hosts, { InstanceIds: ResourceIds })) {
          const gone = Tags ?? Object.keys(host.tags).map((Key) => ({ Key, Value: undefined }));
          for (const { Key, Value } of gone) {
            // A value that is given and is not the tag's keeps the tag. [documented: EC2 API Reference, "DeleteTags"]
            if (Value === undefined || host.tags[Key] === Value) delete host.tags[Key];
          }
        }
        return {};
      },
    },
  ),

  DescribeTags: describeTags(hosts),
});

const describeTags = (hosts: Hosts): UnboundAction =>
  action(
    { Filters: filters },
    {
      evidence: 'documented',
      run({ Filters = [] }) {
        const wanted = Object.fromEntries(Filters.map(({ Name, Values }) => [Name, Values]));
        const unknown = Object.keys(wanted).find((name) => !['resource-id', 'resource-type', 'key'].includes(name));
        if (unknown !== undefined) {
          const message = `The filter '${unknown}' is invalid; there are resource-id, resource-type, key`;
          throw new AwsError('InvalidParameterValue', message);
        }
        const tags = hosts.list().flatMap((host) =>
          Object.entries(host.tags).map(([Key, Value]) => ({
            Key,
            Value,
            ResourceId: host.instanceId,
            ResourceType: 'instance',
          })),
        );
        const passes = (name: string, value: string): boolean => wanted[name]?.includes(value) ?? true;
        return {
          Tags: tags.filter(
            (tag) =>
              passes('resource-id', tag.ResourceId) &&
              passes('resource-type', tag.ResourceType) &&
              passes('key', tag.Key),
          ),
        };
      },
    },
  );
