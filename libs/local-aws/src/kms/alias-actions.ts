import { AwsError } from '../aws-error.ts';
import type { Action, JsonObject } from '../service.ts';
import type { Alias, KeyRing } from './key-ring.ts';
import { notFound, refusePendingDeletion } from './key-ring.ts';
import { invalid, requiredText } from './members.ts';
import { onePage } from './page.ts';

/** The actions on aliases. */
export function aliasActions(ring: KeyRing): Record<string, Action> {
  const existing = (input: JsonObject): Alias => {
    const name = requiredText(input, 'AliasName');
    const alias = ring.aliases.get(name);
    if (alias === undefined) throw notFound(`Alias ${ring.arn(name)} is not found.`);
    return alias;
  };
  const target = (input: JsonObject): string => {
    const key = ring.find(input, 'TargetKeyId');
    refusePendingDeletion(key);
    return key.id;
  };
  return {
    CreateAlias(input) {
      const name = requiredText(input, 'AliasName');
      checkName(name);
      if (ring.aliases.has(name)) {
        throw new AwsError('AlreadyExistsException', `An alias with the name ${ring.arn(name)} already exists`);
      }
      const now = ring.world.clock.now();
      ring.aliases.set(name, { name, arn: ring.arn(name), keyId: target(input), createdAt: now, updatedAt: now });
      return {};
    },

    UpdateAlias(input) {
      const alias = existing(input);
      ring.aliases.set(alias.name, { ...alias, keyId: target(input), updatedAt: ring.world.clock.now() });
      return {};
    },

    DeleteAlias(input) {
      ring.aliases.delete(existing(input).name);
      return {};
    },

    ListAliases(input) {
      const keyId = input['KeyId'] === undefined ? undefined : ring.find(input).id;
      const aliases = [...ring.aliases.values()].filter((alias) => keyId === undefined || alias.keyId === keyId);
      const { page, rest } = onePage(aliases, input, 50);
      return { Aliases: page.map(aliasShape), ...rest };
    },
  };
}

function checkName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw invalid('Alias must start with the prefix "alias/"');
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
