/** The adapters over Lambda, whose SDK client is loaded by the first call (see client-options.ts). */
import { once } from '../once.ts';
import type { FunctionInvoker } from '../ports.ts';
import type { ClientOptions } from './client-options.ts';

export function functionInvoker(options: ClientOptions): FunctionInvoker {
  const invoker = once(async () => {
    const { LambdaClient, lambdaFunctionInvoker } = await import('./lambda-function-invoker.ts');
    return lambdaFunctionInvoker(new LambdaClient(options));
  });
  return { invoke: async (functionName, payload) => (await invoker()).invoke(functionName, payload) };
}
