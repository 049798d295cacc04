import { randomBytes } from 'node:crypto';
import { AwsError } from '../../kernel/aws-error.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { integer, optional, text, withDefault } from '../../kit/reader.ts';
import { addTags, removeTags, showTags, tagKeys, tagList } from '../../kit/tags.ts';
import { keyMetadata, keySpecs, type Key, type KeyState } from './key.ts';
import { keyId, listOf, pageMembers, refusePendingDeletion, type KeyRing } from './key-ring.ts';
import { defaultPolicy, policyText } from './policy-actions.ts';

const DAY = 86_400_000;

/** The actions on keys themselves. */
export function keyActions(ring: KeyRing): Record<string, UnboundAction> {
  const evidence = 'documented';
  const change = (key: Key, state: KeyState): Key => {
    refusePendingDeletion(key);
    return Object.assign(key, { state });
  };
  const switchTo = (name: 'Enabled' | 'Disabled'): UnboundAction =>
    action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId }) {
          change(ring.find(KeyId), { name });
          return {};
        },
      },
    );

  return {
    CreateKey: createKey(ring),
    EnableKey: switchTo('Enabled'),
    DisableKey: switchTo('Disabled'),

    DescribeKey: action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run: ({ KeyId }) => ({ KeyMetadata: keyMetadata(ring.find(KeyId)) }),
      },
    ),

    ListKeys: action(pageMembers, {
      evidence,
      run(request) {
        const { items, rest } = listOf(ring.all(), request, 100);
        return { Keys: items.map((key) => ({ KeyId: key.id, KeyArn: key.arn })), ...rest };
      },
    }),

    ScheduleKeyDeletion: action(
      { KeyId: keyId, PendingWindowInDays: withDefault(integer({ min: 7, max: 30 }), 30) },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, PendingWindowInDays }) {
          const deletionAt = ring.world.clock.now() + PendingWindowInDays * DAY;
          const { arn } = change(ring.find(KeyId), { name: 'PendingDeletion', deletionAt });
          return { KeyId: arn, DeletionDate: deletionAt / 1000, KeyState: 'PendingDeletion', PendingWindowInDays };
        },
      },
    ),

    CancelKeyDeletion: action(
      { KeyId: keyId },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId }) {
          const key = ring.find(KeyId);
          if (key.state.name !== 'PendingDeletion') {
            throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
          }
          key.state = { name: 'Disabled' };
          return { KeyId: key.arn };
        },
      },
    ),

    TagResource: action(
      { KeyId: keyId, Tags: tagList('kms') },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, Tags }) {
          addTags(ring.find(KeyId).tags, Tags);
          return {};
        },
      },
    ),

    UntagResource: action(
      { KeyId: keyId, TagKeys: tagKeys },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, TagKeys }) {
          removeTags(ring.find(KeyId).tags, TagKeys);
          return {};
        },
      },
    ),

    ListResourceTags: action(
      { KeyId: keyId, ...pageMembers },
      {
        resources: ({ KeyId }) => [ring.resource(KeyId)],
        evidence,
        run({ KeyId, ...request }) {
          const { items, rest } = listOf(showTags(ring.find(KeyId).tags, 'kms'), request, 50);
          return { Tags: items, ...rest };
        },
      },
    ),
  };
}

const createKey = (ring: KeyRing): UnboundAction =>
  action(
    {
      KeySpec: optional(text()),
      CustomerMasterKeySpec: optional(text()),
      KeyUsage: withDefault(text(), 'ENCRYPT_DECRYPT'),
      Description: withDefault(text({ max: 8192 }), ''),
      Policy: optional(policyText),
      Tags: tagList('kms'),
    },
    {
      evidence: 'documented',
      run({ KeySpec, CustomerMasterKeySpec, KeyUsage, Description, Policy, Tags }) {
        const name = KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
        const spec = keySpecs[name];
        if (spec === undefined) {
          const known = Object.keys(keySpecs).join(', ');
          throw new AwsError('UnsupportedOperationException', `KeySpec ${name} is not supported here, only ${known}`);
        }
        if (KeyUsage !== spec.usage) {
          throw new AwsError('ValidationException', `KeyUsage ${KeyUsage} is not compatible with KeySpec ${name}`);
        }
        const id = ring.world.uuid();
        const key: Key = {
          id,
          arn: ring.arn(`key/${id}`),
          accountId: ring.world.accountId,
          spec: name,
          usage: spec.usage,
          algorithm: spec.algorithm,
          description: Description,
          createdAt: ring.world.clock.now(),
          material: randomBytes(spec.materialBytes),
          tags: addTags(new Map(), Tags),
          state: { name: 'Enabled' },
          policy: Policy ?? defaultPolicy(ring.world),
          rotates: false,
        };
        ring.add(key);
        return { KeyMetadata: keyMetadata(key) };
      },
    },
  );
