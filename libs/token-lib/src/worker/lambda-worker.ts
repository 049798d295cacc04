import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { parse } from '../wire/parse.ts';
import { reportsOfEnvironment } from './environment.ts';
import { environment } from './process.ts';
import { withinLambdaTime, type WorkerHandler } from './lambda-time.ts';
import type { Reports } from './reports.ts';
import { runWork, type WorkFunction } from './run-work.ts';

const Invocation = z.looseObject({ payload: z.unknown(), heartbeatSeconds: z.optional(z.number()) });

/**
 * Makes a function the handler of asynchronous invocations (work of kind `lambda`), with the work's payload as its input.
 * If the outcome could not be reported or the function's time is over, it throws, so that Lambda invokes it again and
 * finally sends the invocation to its on-failure destination.
 */
export function lambdaWorker<Input, Lambda extends Context = Context>(
  work: WorkFunction<Input, unknown, Lambda>,
  { reports: given }: { readonly reports?: Reports } = {},
): WorkerHandler<Lambda, void> {
  let reports = given;
  // A default value and not a third parameter: runtimes expect a handler with three parameters to use a callback.
  return async (event, lambda, { signal } = {}) => {
    const by = (reports ??= reportsOfEnvironment(environment()));
    const invocation = parse(Invocation, event);
    const { payload, heartbeatSeconds } = invocation;
    await withinLambdaTime(lambda, signal, (host) =>
      runWork(work, payload as Input, by(invocation), heartbeatSeconds, host),
    );
  };
}
