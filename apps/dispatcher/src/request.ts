import { BatonError, DispatchContext, type DispatchRequest, parse, parseWork, TaskToken } from '@baton/token-lib';
import * as z from 'zod/mini';

const Payload = z.object({ taskToken: z.unknown(), context: DispatchContext, work: z.unknown() });

const placeOf = (arn: string): string => arn.split(':').slice(3, 5).join(' ');

/**
 * The payload of `lambda:invoke.waitForTaskToken`. A token answers in its own region and account only, which are the
 * function's.
 * @throws {BatonError} `InvalidRequest`, `InvalidToken`, `JsonTooDeep` or `UnknownWorkKind`, naming the field and showing no value
 */
export function parseRequest(payload: unknown, functionArn: string): DispatchRequest {
  const { taskToken, context, work } = parse(Payload, payload);
  const token = TaskToken.parse(taskToken);
  if (placeOf(context.executionArn) !== placeOf(functionArn)) {
    throw new BatonError(
      'InvalidRequest',
      `context.executionArn: the execution must run where the dispatcher does: ${placeOf(functionArn)}`,
    );
  }
  return { token, context, work: parseWork(work) };
}
