/**
 * The on-failure destination of asynchronous functions: Lambda has tried as often as it was told, and the function has
 * failed each time, crashed, or was not run in time. Its callback fails with the function's own error (L6), if the payload
 * holds the secret that came with the work: other functions may have this destination too.
 */
import {
  BatonError,
  CallbackId,
  failure,
  FailureName,
  type Failure,
  type Millis,
  parse,
  settle,
  type SettlePorts,
  wasGivenWork,
  WorkSecret,
} from '@baton/token-lib';
import * as z from 'zod/mini';

const FailedInvocation = z.object({
  timestamp: z.iso.datetime(),
  requestContext: z.object({
    functionArn: z.string(),
    condition: z.string(),
    approximateInvokeCount: z.optional(z.number()),
  }),
  requestPayload: z.object({ callbackId: CallbackId, workSecret: z.optional(z.unknown()) }),
  /** Absent where the function was never run. */
  responsePayload: z.nullish(z.object({ errorType: z.optional(z.string()), errorMessage: z.nullish(z.string()) })),
});
type FailedInvocation = z.infer<typeof FailedInvocation>;

/** @throws {BatonError} `InvalidRequest` for an invocation that was not Baton's */
export async function handleDestination(ports: SettlePorts, event: unknown): Promise<void> {
  const failed = parse(FailedInvocation, event);
  const { callbackId, workSecret } = failed.requestPayload;
  const row = await ports.store.read(callbackId);
  if (row === undefined || !wasGivenWork(row, WorkSecret.of(workSecret))) {
    throw new BatonError(
      'Forbidden',
      'there is no such callback of a function, or the payload lacks the workSecret of its work',
    );
  }
  const at: Millis = Date.parse(failed.timestamp);
  await settle(ports, row, { from: { by: 'observer' }, outcome: outcomeOf(failed), at });
}

/** As lambda:invoke would name it: the error's type. Names that begin with States. are Step Functions' own. */
function outcomeOf({ requestContext, responsePayload }: FailedInvocation): Failure {
  const { functionArn, condition, approximateInvokeCount } = requestContext;
  const type = responsePayload?.errorType;
  const error = type === undefined || type === '' || type.startsWith('States.') ? FailureName.deadLettered : type;
  const message = responsePayload?.errorMessage ?? 'Lambda has no answer of it';
  const tried = `${functionArn} was invoked ${approximateInvokeCount ?? 'several'} times (${condition})`;
  return failure(error, `${message}\n${tried}`);
}
