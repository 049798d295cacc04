import { AwsError } from '../../kernel/aws-error.ts';
import type { Host } from './host.ts';

export interface GivenFilter {
  readonly Name: string;
  readonly Values: readonly string[];
}

export interface InstanceFilter {
  /** What of the host is looked at. */
  readonly valuesOf: (host: Host) => readonly string[];
  readonly wanted: readonly RegExp[];
}

/** @throws {AwsError} InvalidParameterValue for a name that is no filter here */
export const parseFilters = (filters: readonly GivenFilter[]): InstanceFilter[] =>
  filters.map(({ Name, Values }) => ({ valuesOf: valuesOf(Name), wanted: Values.map(wildcard) }));

export function matchesFilter(host: Host, { valuesOf, wanted }: InstanceFilter): boolean {
  return valuesOf(host).some((value) => wanted.some((pattern) => pattern.test(value)));
}

function valuesOf(name: string): InstanceFilter['valuesOf'] {
  if (name === 'instance-id') return (host) => [host.instanceId];
  if (name === 'instance-state-name') return (host) => [host.state];
  if (name === 'tag-key') return (host) => Object.keys(host.tags);
  if (name.startsWith('tag:')) {
    const key = name.slice('tag:'.length);
    return (host) => (host.tags[key] === undefined ? [] : [host.tags[key]]);
  }
  const known = 'instance-id, instance-state-name, tag:KEY, tag-key';
  throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid; local hosts have ${known}`);
}

/** `*` stands for any characters, `?` for one. */
function wildcard(text: string): RegExp {
  const escaped = text
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${escaped}$`);
}
