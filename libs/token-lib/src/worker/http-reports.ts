import { type AwsConnection, awsConnection, patiently, signedRequest } from '../aws/signed-call.ts';
import { CallbackId } from '../callback-id.ts';
import { BatonError } from '../errors.ts';
import { parse } from '../parse.ts';
import { HeartbeatAnswer } from '../reports.ts';
import * as z from 'zod/mini';
import type { Reports } from './reports.ts';

const Message = z.object({ callbackId: CallbackId });

/** Applied, stored, conflict and late: whatever became of it, nothing is left to do. */
const DONE = new Set([200, 202, 409, 410]);

/** By the completer's HTTP door, signed with the function's own role, which must be one of the platform's workers. */
export function httpReports(endpoint: string, connection: AwsConnection = awsConnection(process.env)): Reports {
  const post = (callbackId: string, verb: string, body: object) =>
    signedRequest(connection, {
      service: 'execute-api',
      method: 'POST',
      url: `${endpoint}/callbacks/${callbackId}/${verb}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
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

const unavailable = (status: number): BatonError =>
  new BatonError('Unavailable', `the completer answered HTTP ${status}`);
