import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject } from '../../kernel/service.ts';
import type { LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

export function tagActions(functions: FunctionStore): Record<string, Action> {
  const find = (input: JsonObject): LambdaFunction => locate(functions, { FunctionName: input['Resource'] }).fn;
  return {
    ListTags: (input) => ({ Tags: Object.fromEntries(find(input).tags) }),
    TagResource(input) {
      const { tags } = find(input);
      for (const [key, value] of Object.entries((input['Tags'] ?? {}) as Record<string, string>)) tags.set(key, value);
      return {};
    },
    UntagResource(input) {
      const { tags } = find(input);
      for (const key of (input['TagKeys'] ?? []) as string[]) tags.delete(key);
      return {};
    },
  };
}
