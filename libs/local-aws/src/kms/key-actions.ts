import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Action, JsonObject } from '../service.ts';
import { keyMetadata, keySpecs, type Key, type KeyState } from './key.ts';
import { refusePendingDeletion, type KeyRing } from './key-ring.ts';
import { integer, invalid, list, optionalText, requiredText, texts } from './members.ts';
import { onePage } from './page.ts';
import { defaultPolicy, readPolicy } from './policy-actions.ts';

const DAY = 86_400_000;

/** The actions on keys themselves. */
export function keyActions(ring: KeyRing): Record<string, Action> {
  const change = (input: JsonObject, state: KeyState): JsonObject => {
    const key = ring.find(input);
    refusePendingDeletion(key);
    key.state = state;
    return {};
  };
  return {
    CreateKey: (input) => ({ KeyMetadata: keyMetadata(createKey(ring, input)) }),
    DescribeKey: (input) => ({ KeyMetadata: keyMetadata(ring.find(input)) }),
    EnableKey: (input) => change(input, { name: 'Enabled' }),
    DisableKey: (input) => change(input, { name: 'Disabled' }),

    ListKeys(input) {
      const { page, rest } = onePage(ring.all(), input, 100);
      return { Keys: page.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...rest };
    },

    ScheduleKeyDeletion(input) {
      const days = integer(input, 'PendingWindowInDays', 7, 30) ?? 30;
      const deletionAt = ring.world.clock.now() + days * DAY;
      change(input, { name: 'PendingDeletion', deletionAt });
      return {
        KeyId: ring.find(input).arn,
        DeletionDate: deletionAt / 1000,
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
      };
    },

    CancelKeyDeletion(input) {
      const key = ring.find(input);
      if (key.state.name !== 'PendingDeletion') {
        throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
      }
      key.state = { name: 'Disabled' };
      return { KeyId: key.arn };
    },

    TagResource(input) {
      addTags(ring.find(input), input);
      return {};
    },

    UntagResource(input) {
      const key = ring.find(input);
      for (const name of texts(input, 'TagKeys')) key.tags.delete(name);
      return {};
    },

    ListResourceTags(input) {
      const tags = [...ring.find(input).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
      const { page, rest } = onePage(tags, input, 50);
      return { Tags: page, ...rest };
    },
  };
}

function createKey(ring: KeyRing, input: JsonObject): Key {
  const name = optionalText(input, 'KeySpec') ?? optionalText(input, 'CustomerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT';
  const spec = keySpecs[name];
  if (spec === undefined) {
    const known = Object.keys(keySpecs).join(', ');
    throw new AwsError('UnsupportedOperationException', `KeySpec ${name} is not supported here, only ${known}`);
  }
  const usage = optionalText(input, 'KeyUsage') ?? 'ENCRYPT_DECRYPT';
  if (usage !== spec.usage) throw invalid(`KeyUsage ${usage} is not compatible with KeySpec ${name}`);
  const id = ring.world.uuid();
  const policy = optionalText(input, 'Policy');
  const key: Key = {
    id,
    arn: ring.arn(`key/${id}`),
    accountId: ring.world.accountId,
    spec: name,
    usage: spec.usage,
    algorithm: spec.algorithm,
    description: optionalText(input, 'Description') ?? '',
    createdAt: ring.world.clock.now(),
    material: randomBytes(spec.materialBytes),
    tags: new Map(),
    state: { name: 'Enabled' },
    policy: policy === undefined ? defaultPolicy(ring.world.accountId) : readPolicy(policy),
    rotates: false,
  };
  addTags(key, input);
  ring.add(key);
  return key;
}

function addTags(key: Key, input: JsonObject): void {
  for (const tag of list(input, 'Tags')) key.tags.set(requiredText(tag, 'TagKey'), requiredText(tag, 'TagValue'));
}
