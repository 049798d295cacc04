import { AwsError } from '../../kernel/aws-error.ts';
import type { Place } from '../../kernel/service.ts';
import { arnOf } from '../../kit/arn.ts';
import { list, optional, structure, text, withDefault, required } from '../../kit/reader.ts';
import type { Host } from './host.ts';
import type { Hosts } from './hosts.ts';
import { matchesFilter, parseFilters, type GivenFilter } from './instance-filters.ts';

export const instanceId = text({ min: 1 });
export const instanceIds = optional(list(instanceId));
/** What changes instances names each of them. */
export const namedInstances = required(list(instanceId, { min: 1 }));
export const filters = optional(list(structure({ Name: required(text()), Values: withDefault(list(text()), []) })));

export const instanceArns = (place: Place, ids: readonly string[]): string[] =>
  ids.map((id) => arnOf(place, 'ec2', `instance/${id}`));

interface Selection {
  readonly InstanceIds: readonly string[] | undefined;
  readonly Filters?: readonly GivenFilter[] | undefined;
}

/** @throws {AwsError} InvalidInstanceID.NotFound, InvalidParameterValue for a filter that is not here */
export function selectHosts(hosts: Hosts, { InstanceIds: ids = [], Filters = [] }: Selection): Host[] {
  const unknown = ids.filter((id) => hosts.get(id) === undefined);
  if (unknown.length > 0) {
    const [what, verb] = unknown.length > 1 ? ['instance IDs', 'do'] : ['instance ID', 'does'];
    throw new AwsError('InvalidInstanceID.NotFound', `The ${what} '${unknown.join(', ')}' ${verb} not exist`);
  }
  const filters = parseFilters(Filters);
  return hosts
    .list()
    .filter((host) => ids.length === 0 || ids.includes(host.instanceId))
    .filter((host) => filters.every((filter) => matchesFilter(host, filter)));
}
