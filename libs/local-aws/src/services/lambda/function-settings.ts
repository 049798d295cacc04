import { action, type UnboundAction } from '../../kit/action.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { integer, required } from '../../kit/reader.ts';
import { addTags, removeTags, tagKeys, tagMap } from '../../kit/tags.ts';
import type { LambdaFunction } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { functionArn, functionMember, functionReference } from './reference.ts';

const evidence = 'documented';

/** Reserved concurrency: the share of a function, which it cannot exceed. */
export function concurrencyActions(functions: FunctionStore): Record<string, UnboundAction> {
  const show = ({ reservedConcurrency: reserved }: LambdaFunction): JsonObject =>
    reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
  return {
    PutFunctionConcurrency: action(
      { ...functionMember, ReservedConcurrentExecutions: required(integer({ min: 0 })) },
      {
        resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
        evidence,
        run({ FunctionName, ReservedConcurrentExecutions }) {
          const { fn } = functions.locate({ FunctionName });
          fn.reservedConcurrency = ReservedConcurrentExecutions;
          return show(fn);
        },
      },
    ),

    GetFunctionConcurrency: action(functionMember, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run: (request) => show(functions.locate(request).fn),
    }),

    DeleteFunctionConcurrency: action(functionMember, {
      resources: ({ FunctionName }, caller) => [functionArn(FunctionName, caller)],
      evidence,
      run(request) {
        functions.locate(request).fn.reservedConcurrency = undefined;
        return {};
      },
    }),
  };
}

const resourceMember = { Resource: required(functionReference) };

/** The tags of functions, which are the only tagged resources of Lambda here. */
export function tagActions(functions: FunctionStore): Record<string, UnboundAction> {
  return {
    ListTags: action(resourceMember, {
      resources: ({ Resource }, caller) => [functionArn(Resource, caller)],
      evidence,
      run: ({ Resource }) => ({ Tags: Object.fromEntries(functions.find(Resource.name).tags) }),
    }),

    TagResource: action(
      { ...resourceMember, Tags: tagMap },
      {
        resources: ({ Resource }, caller) => [functionArn(Resource, caller)],
        evidence,
        run({ Resource, Tags }) {
          addTags(functions.find(Resource.name).tags, Tags);
          return {};
        },
      },
    ),

    UntagResource: action(
      { ...resourceMember, TagKeys: tagKeys },
      {
        resources: ({ Resource }, caller) => [functionArn(Resource, caller)],
        evidence,
        run({ Resource, TagKeys }) {
          removeTags(functions.find(Resource.name).tags, TagKeys);
          return {};
        },
      },
    ),
  };
}
