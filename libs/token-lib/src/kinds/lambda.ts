/** An asynchronous invocation of a function, which reports by the callbackId and the secret in its payload. */
import * as z from 'zod/mini';
import type { FunctionInvoker, Pause } from './start-ports.ts';
import { addressOf, handOver, type Starter } from './start.ts';
import { beatsWithinItsTime, heartbeatSeconds, timeoutSeconds } from './times.ts';

export const LambdaWork = z
  .strictObject({
    kind: z.literal('lambda'),
    /** A name or an ARN, optionally with a version or alias. */
    functionName: z
      .string()
      .check(
        z.regex(/^[A-Za-z0-9:_$-]{1,170}$/, { error: "must be a function's name or ARN, e.g. resize or resize:live" }),
      ),
    /** What the function is to do, as any JSON. Sent as `payload`, beside the callbackId and its secret. */
    payload: z.unknown(),
    timeoutSeconds,
    heartbeatSeconds: z.optional(heartbeatSeconds),
  })
  .check(
    z.refine((work) => work.payload !== undefined, {
      error: 'is missing: any JSON, null at the least',
      path: ['payload'],
    }),
    beatsWithinItsTime,
  );
export type LambdaWork = z.infer<typeof LambdaWork>;

export interface LambdaStarterPorts {
  readonly functions: FunctionInvoker;
  readonly pause: Pause;
}

/** Invokes the function asynchronously with the payload, the callbackId and its secret, never with the token (L3). */
export function lambdaStarter({ functions, pause }: LambdaStarterPorts): Starter<LambdaWork> {
  return (callback, { functionName, payload, heartbeatSeconds }) =>
    handOver('the invocation', pause, () =>
      functions.invoke(functionName, JSON.stringify({ ...addressOf(callback), payload, heartbeatSeconds })),
    );
}
