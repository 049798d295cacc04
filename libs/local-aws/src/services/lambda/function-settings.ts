import { action, type UnboundAction } from '../../kit/action.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { integer, required } from '../../kit/reader.ts';
import type { LambdaFunction } from './function.ts';
import type { FunctionStore } from './function-store.ts';
import { functionArn, functionMember } from './reference.ts';

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
