import type { FunctionInvoker } from '@baton/token-lib';
import { handOver, type Pause } from './hand-over.ts';
import type { Starter } from './starter.ts';

export interface LambdaStarterPorts {
  readonly functions: FunctionInvoker;
  readonly pause: Pause;
}

/** Invokes the function asynchronously with the payload and the callbackId, and never the token (L3). */
export function lambdaStarter({ functions, pause }: LambdaStarterPorts): Starter<'lambda'> {
  return ({ callbackId }, { functionName, payload, heartbeatSeconds }) =>
    handOver('the invocation', pause, () =>
      functions.invoke(functionName, JSON.stringify({ callbackId, payload, heartbeatSeconds })),
    );
}
