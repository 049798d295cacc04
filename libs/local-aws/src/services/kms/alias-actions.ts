import { AwsError } from '../../kernel/aws-error.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text } from '../../kit/reader.ts';
import { keyId, listOf, notFound, pageMembers, refusePendingDeletion, type Alias, type KeyRing } from './key-ring.ts';

const aliasName = required(text({ min: 1, max: 256 }));

/** The actions on aliases. */
export function aliasActions(ring: KeyRing): Record<string, UnboundAction> {
  const evidence = 'documented';
  const pointing = { AliasName: aliasName, TargetKeyId: keyId };
  const existing = (name: string): Alias => {
    const alias = ring.aliases.get(name);
    if (alias === undefined) throw notFound(`Alias ${ring.arn(name)} is not found.`);
    return alias;
  };
  const target = (given: string): string => {
    const key = ring.find(given);
    refusePendingDeletion(key);
    return key.id;
  };

  return {
    CreateAlias: action(pointing, {
      resources: ({ AliasName, TargetKeyId }) => [ring.arn(AliasName), ring.resource(TargetKeyId)],
      evidence,
      run({ AliasName: name, TargetKeyId }) {
        checkName(name);
        if (ring.aliases.has(name)) {
          throw new AwsError('AlreadyExistsException', `An alias with the name ${ring.arn(name)} already exists`);
        }
        const now = ring.world.clock.now();
        const alias = { name, arn: ring.arn(name), keyId: target(TargetKeyId), createdAt: now, updatedAt: now };
        ring.aliases.set(name, alias);
        return {};
      },
    }),

    UpdateAlias: action(pointing, {
      resources: ({ AliasName, TargetKeyId }) => [ring.arn(AliasName), ring.resource(TargetKeyId)],
      evidence,
      run({ AliasName, TargetKeyId }) {
        const alias = existing(AliasName);
        ring.aliases.set(alias.name, { ...alias, keyId: target(TargetKeyId), updatedAt: ring.world.clock.now() });
        return {};
      },
    }),

    DeleteAlias: action(
      { AliasName: aliasName },
      {
        resources: ({ AliasName }) => [ring.arn(AliasName)],
        evidence,
        run({ AliasName }) {
          ring.aliases.delete(existing(AliasName).name);
          return {};
        },
      },
    ),

    ListAliases: action(
      { KeyId: optional(text({ min: 1, max: 2048 })), ...pageMembers },
      {
        evidence,
        run({ KeyId, ...request }) {
          const id = KeyId === undefined ? undefined : ring.find(KeyId).id;
          const aliases = [...ring.aliases.values()].filter((alias) => id === undefined || alias.keyId === id);
          const { items, rest } = listOf(aliases, request, 50);
          return { Aliases: items.map(aliasShape), ...rest };
        },
      },
    ),
  };
}

function checkName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw new AwsError('ValidationException', 'Alias must start with the prefix "alias/"');
  }
  if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name) || name.startsWith('alias/aws/')) {
    throw new AwsError('InvalidAliasNameException', `Alias ${name} is not a valid alias`);
  }
}

const aliasShape = (alias: Alias): JsonObject => ({
  AliasName: alias.name,
  AliasArn: alias.arn,
  TargetKeyId: alias.keyId,
  CreationDate: alias.createdAt / 1000,
  LastUpdatedDate: alias.updatedAt / 1000,
});
