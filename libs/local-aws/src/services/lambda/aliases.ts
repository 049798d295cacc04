import type { LegacyAction as Action } from '../../kit/legacy.ts';
import { optionalText, text } from '../../members.ts';
import type { JsonObject, World } from '../../kernel/service.ts';
import { findVersion, userError, type Alias, type LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

export function aliasActions(world: World, functions: FunctionStore): Record<string, Action> {
  const show = (fn: LambdaFunction, alias: Alias): JsonObject => ({
    AliasArn: `${fn.arn}:${alias.name}`,
    Name: alias.name,
    FunctionVersion: alias.version,
    Description: alias.description,
    RevisionId: alias.revisionId,
  });
  const find = (input: JsonObject): { fn: LambdaFunction; alias: Alias } => {
    const { fn } = locate(functions, input);
    const alias = fn.aliases.get(text(input, 'Name'));
    if (alias !== undefined) return { fn, alias };
    throw userError('ResourceNotFoundException', `Alias not found: ${fn.arn}:${text(input, 'Name')}`, 404);
  };
  const put = (fn: LambdaFunction, input: JsonObject, before?: Alias): JsonObject => {
    const alias: Alias = {
      name: text(input, 'Name'),
      version:
        before === undefined
          ? text(input, 'FunctionVersion')
          : (optionalText(input, 'FunctionVersion') ?? before.version),
      description: optionalText(input, 'Description') ?? before?.description ?? '',
      revisionId: world.uuid(),
    };
    findVersion(fn, alias.version);
    fn.aliases.set(alias.name, alias);
    return show(fn, alias);
  };

  return {
    CreateAlias(input) {
      const { fn } = locate(functions, input);
      const name = text(input, 'Name');
      if (fn.aliases.has(name))
        throw userError('ResourceConflictException', `Alias already exists: ${fn.arn}:${name}`, 409);
      return put(fn, input);
    },
    UpdateAlias(input) {
      const { fn, alias } = find(input);
      return put(fn, input, alias);
    },
    GetAlias(input) {
      const { fn, alias } = find(input);
      return show(fn, alias);
    },
    ListAliases(input) {
      const { fn } = locate(functions, input);
      return { Aliases: [...fn.aliases.values()].map((alias) => show(fn, alias)) };
    },
    DeleteAlias(input) {
      const { fn } = locate(functions, input);
      fn.aliases.delete(text(input, 'Name'));
      return {};
    },
  };
}
