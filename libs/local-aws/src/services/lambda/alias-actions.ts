import type { JsonObject } from '../../kernel/service.ts';
import { action, type UnboundAction } from '../../kit/action.ts';
import { optional, required, text, withDefault } from '../../kit/reader.ts';
import { findVersion, userError, type Alias, type LambdaFunction } from './function.ts';
import { listOf, pageMembers, type FunctionStore } from './function-store.ts';
import { functionArn, functionMember } from './reference.ts';

const version = text({ min: 1, max: 1024, pattern: /\$LATEST|[0-9]+/, patternText: '(\\$LATEST|[0-9]+)' });
const description = text({ max: 256 });
const aliasMembers = {
  ...functionMember,
  Name: required(text({ min: 1, max: 128, pattern: /(?!^[0-9]+$)([a-zA-Z0-9-_]+)/ })),
};

/** The actions on aliases: names that point to versions. IAM checks the function. */
export function aliasActions(functions: FunctionStore): Record<string, UnboundAction> {
  const evidence = 'documented';
  /** @throws {AwsError} ResourceNotFoundException where the version is not there */
  const put = (fn: LambdaFunction, alias: Omit<Alias, 'revisionId'>): JsonObject => {
    findVersion(fn, alias.version);
    const kept = { ...alias, revisionId: functions.world.uuid() };
    fn.aliases.set(alias.name, kept);
    return aliasShape(fn, kept);
  };
  const find = (fn: LambdaFunction, name: string): Alias => {
    const alias = fn.aliases.get(name);
    if (alias !== undefined) return alias;
    throw userError('ResourceNotFoundException', `Alias not found: ${fn.arn}:${name}`, 404);
  };

  return {
    CreateAlias: action(
      { ...aliasMembers, FunctionVersion: required(version), Description: withDefault(description, '') },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run({ FunctionName, Name: name, FunctionVersion, Description }) {
          const { fn } = functions.locate({ FunctionName });
          if (fn.aliases.has(name)) {
            throw userError('ResourceConflictException', `Alias already exists: ${fn.arn}:${name}`, 409);
          }
          return put(fn, { name, version: FunctionVersion, description: Description });
        },
      },
    ),

    UpdateAlias: action(
      { ...aliasMembers, FunctionVersion: optional(version), Description: optional(description) },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run({ FunctionName, Name, FunctionVersion, Description }) {
          const { fn } = functions.locate({ FunctionName });
          const before = find(fn, Name);
          return put(fn, {
            name: before.name,
            version: FunctionVersion ?? before.version,
            description: Description ?? before.description,
          });
        },
      },
    ),

    GetAlias: action(aliasMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run({ FunctionName, Name }) {
        const { fn } = functions.locate({ FunctionName });
        return aliasShape(fn, find(fn, Name));
      },
    }),

    ListAliases: action(
      { ...functionMember, ...pageMembers },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run({ FunctionName, ...request }) {
          const { fn } = functions.locate({ FunctionName });
          const { items, rest } = listOf([...fn.aliases.values()], request);
          return { Aliases: items.map((alias) => aliasShape(fn, alias)), ...rest };
        },
      },
    ),

    DeleteAlias: action(aliasMembers, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run({ FunctionName, Name }) {
        functions.locate({ FunctionName }).fn.aliases.delete(Name);
        return {};
      },
    }),
  };
}

const aliasShape = (fn: LambdaFunction, alias: Alias): JsonObject => ({
  AliasArn: `${fn.arn}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
});
