import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { defaultSigner } from '../aws/default-signer.ts';
import { CallbackId } from '../callback-id.ts';
import { BatonError } from '../errors.ts';
import { type Millis, seconds } from '../millis.ts';
import { parse } from '../parse.ts';
import { HeartbeatAnswer } from '../reports.ts';
import { type Signer, signRequest } from '../wire/sign-request.ts';
import type { Reports } from './reports.ts';

const Message = z.object({ callbackId: CallbackId });

/** Applied, stored, conflict and late: whatever became of it, nothing is left to do. */
const DONE = new Set([200, 202, 409, 410]);
const TIMEOUT: Millis = seconds(4);
/** Before each further attempt, a bit less or more by chance. */
const PAUSES: readonly Millis[] = [200, 400];

/** By the completer's HTTP API, signed with the function's own role, which must be one of the platform's workers. */
export function httpReports(endpoint: string, signer: Signer = defaultSigner(process.env)): Reports {
  const post = async (callbackId: string, verb: string, content: object) => {
    const url = new URL(`${endpoint}/callbacks/${callbackId}/${verb}`);
    const request = {
      method: 'POST' as const,
      url,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(content),
    };
    const response = await fetch(url, {
      ...request,
      headers: await signRequest(request, signer, new Date()),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return { status: response.status, text: await response.text() };
  };
  return (message) => {
    const { callbackId } = parse(Message, message);
    return {
      callbackId,
      async heartbeat(progress) {
        const { status, text } = await post(callbackId, 'heartbeat', { progress });
        if (status !== 200) throw unavailable(status);
        return parse(HeartbeatAnswer, JSON.parse(text)).answer;
      },
      async report(outcome) {
        await patiently(async () => {
          // The output is JSON text already, as it was measured.
          const { status } =
            outcome.type === 'success'
              ? await post(callbackId, 'success', { output: JSON.parse(outcome.output) as unknown })
              : await post(callbackId, 'failure', { error: outcome.error, cause: outcome.cause });
          if (!DONE.has(status)) throw unavailable(status);
        });
      },
    };
  };
}

/** A report that comes twice is a duplicate. */
async function patiently(report: () => Promise<void>): Promise<void> {
  for (const pause of PAUSES) {
    try {
      return await report();
    } catch {
      await setTimeout(pause * (0.5 + Math.random()));
    }
  }
  return report();
}

const unavailable = (status: number): BatonError =>
  new BatonError('Unavailable', `the completer answered HTTP ${status}`);
