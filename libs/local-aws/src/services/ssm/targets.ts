import { AwsError } from '../../kernel/aws-error.ts';
import type { AgentHost } from '../../kit/host.ts';
import { list, structure, text, withDefault } from '../../kit/reader.ts';
import type { Target } from './command.ts';

/** `Targets` of a request. */
export const targetList = withDefault(
  list(
    structure({
      Key: withDefault(text({ min: 1, max: 163 }), ''),
      Values: withDefault(list(text(), { max: 50 }), []),
    }),
    { max: 5 },
  ),
  [],
);

export const namesInstances = ({ Key }: Target): boolean => /^instanceids$/i.test(Key);

/** @throws {AwsError} InvalidTarget */
export function checkTargets(targets: readonly Target[]): void {
  const strange = targets.find((target) => !namesInstances(target) && !/^(tag-key$|tag:)/.test(target.Key));
  if (strange === undefined) return;
  const message = `The target ${strange.Key} is not supported here; there are InstanceIds, tag:KEY and tag-key.`;
  throw new AwsError('InvalidTarget', message);
}

/** All targets must hold; a target holds for any of its values. */
export const isTargeted = (host: AgentHost, targets: readonly Target[]): boolean =>
  targets.every((target) => holds(host, target));

function holds({ instanceId, tags }: AgentHost, target: Target): boolean {
  const { Key, Values } = target;
  if (namesInstances(target)) return Values.includes(instanceId);
  if (Key === 'tag-key') return Values.some((key) => Object.hasOwn(tags, key));
  const tag = tags[Key.slice('tag:'.length)];
  return tag !== undefined && Values.includes(tag);
}
