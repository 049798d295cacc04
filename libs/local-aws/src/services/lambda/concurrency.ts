import type { LegacyAction as Action } from '../../kit/legacy.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { userError, type LambdaFunction } from './function.ts';
import { locate, type FunctionStore } from './functions.ts';

export function concurrencyActions(functions: FunctionStore): Record<string, Action> {
  const show = (fn: LambdaFunction): JsonObject =>
    fn.reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: fn.reservedConcurrency };
  return {
    PutFunctionConcurrency(input) {
      const { fn } = locate(functions, input);
      const reserved = input['ReservedConcurrentExecutions'];
      if (typeof reserved !== 'number' || !Number.isInteger(reserved) || reserved < 0) {
        const message = `ReservedConcurrentExecutions is ${JSON.stringify(reserved)}; it must be a whole number from 0.`;
        throw userError('InvalidParameterValueException', message);
      }
      fn.reservedConcurrency = reserved;
      return show(fn);
    },
    GetFunctionConcurrency: (input) => show(locate(functions, input).fn),
    DeleteFunctionConcurrency(input) {
      locate(functions, input).fn.reservedConcurrency = undefined;
      return {};
    },
  };
}
