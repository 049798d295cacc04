import * as z from 'zod/mini';
import { CallbackId } from '../wire/callback-id.ts';
import { type Attempt, batonClient, type Identity } from '../wire/client.ts';
import { BatonError } from '../wire/errors.ts';
import { fetchSend } from '../wire/fetch-send.ts';
import { type Millis, seconds } from '../wire/millis.ts';
import { parse } from '../wire/parse.ts';
import { HeartbeatAnswer, ReportAnswer } from '../wire/reports.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import type { Signer } from '../wire/sign-request.ts';
import { WorkSecret } from '../wire/work-secret.ts';
import { chance, now, ownSigner, pause } from './process.ts';
import type { Reports } from './reports.ts';

const Message = z.object({ callbackId: CallbackId, workSecret: z.optional(z.unknown()) });
const TIMEOUT: Millis = seconds(4);

/**
 * Reports by Baton's HTTP API, signed with the function's own role, which must be one of the platform's workers.
 *
 * @param endpoint `BATON_ENDPOINT`
 */
export function httpReports(endpoint: string, signer: Signer = ownSigner()): Reports {
  const client = batonClient({ endpoint, identity: identityOf(signer), send: fetchSend, now });
  return (message) => {
    const { callbackId, ...came } = parse(Message, message);
    const options = { timeout: TIMEOUT, workSecret: WorkSecret.of(came.workSecret) };
    return {
      callbackId,
      async heartbeat(progress) {
        const asked = await client.post(callbackId, 'heartbeat', { progress }, HeartbeatAnswer, options);
        return answerOf(asked).answer;
      },
      async report(outcome) {
        // The output is JSON text already, as it was measured.
        const [verb, body] =
          outcome.type === 'success'
            ? (['success', { output: JSON.parse(outcome.output) as unknown }] as const)
            : (['failure', { error: outcome.error, cause: outcome.cause }] as const);
        const send = () => client.post(callbackId, verb, body, ReportAnswer, options);
        answerOf(await persistently(send));
      },
    };
  };
}

/** A report that comes twice is a duplicate; one that is stored and not told yet (L1) comes again while there is patience. */
const persistently = (send: () => Promise<Attempt<ReportAnswer>>) =>
  retry(send, {
    isFinal: (attempt) =>
      attempt.kind === 'answered' ? attempt.answer.answer !== 'stored' : attempt.kind === 'refused',
    pauses: PAUSES.report(chance),
    pause: (duration) => pause(duration),
  });

/** @throws {BatonError} `Unavailable` where there is none */
function answerOf<T>(attempt: Attempt<T>): T {
  if (attempt.kind === 'answered') return attempt.answer;
  throw new BatonError('Unavailable', attempt.message);
}

/** The SDK renews credentials before they expire. */
const identityOf = ({ region, credentials }: Signer): Identity => ({
  region: async () => region,
  credentials: async () => (typeof credentials === 'function' ? credentials() : credentials),
  forget: () => undefined,
});
