import * as z from 'zod/mini';
import { parse } from '../parse.ts';
import { reportsOfEnvironment } from './environment.ts';
import type { Reports } from './reports.ts';
import { runWork, type WorkFunction } from './run-work.ts';

const Invocation = z.looseObject({ payload: z.unknown(), heartbeatSeconds: z.optional(z.number()) });

/**
 * A function as the handler of asynchronous invocations (work kind `lambda`): the work's payload is its input. Where the
 * outcome could not be reported it throws, so that Lambda invokes it again and in the end tells its on-failure
 * destination.
 */
export function lambdaWorker<Input>(
  work: WorkFunction<Input, unknown>,
  { reports: given }: { readonly reports?: Reports } = {},
): (event: unknown) => Promise<void> {
  let reports = given;
  return async (event) => {
    reports ??= reportsOfEnvironment(process.env);
    const invocation = parse(Invocation, event);
    await runWork(work, invocation.payload as Input, reports(invocation), invocation.heartbeatSeconds);
  };
}
