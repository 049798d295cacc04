/**
 * One signed request to Baton's HTTP door, and what its answer means. Retrying is the caller's business: each call is one attempt.
 * A gateway refuses credentials with 403 and no code of Baton's, in words that do not tell an expired session from a wrong role or
 * a wrong clock. So such a refusal drops the kept credentials, the clock is set by the answer's Date, and the next attempt shows.
 */
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import * as z from 'zod/mini';
import { NoRoleError, type HostIdentity } from './imds.ts';
import { messageOf } from './message-of.ts';
import { parseJson } from './parse-json.ts';
import type { Clock, Send } from './world.ts';

/** Signatures are refused from five minutes on. */
const SKEW_TOLERATED_MS = 60_000;

export type Verb = 'claim' | 'heartbeat' | 'success' | 'failure';

export type Attempt<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The network, a throttle, a server error: the same request may work soon. */
  | { readonly kind: 'temporary'; readonly message: string }
  /** Credentials or clock were refused; both have been renewed. */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** Baton read the request and said no. */
  | { readonly kind: 'refused'; readonly message: string };

export interface AttemptOptions {
  readonly timeoutMs: number;
  readonly abort?: AbortSignal;
}

export interface BatonClient {
  /** Never rejects. */
  post<T>(
    callbackId: string,
    verb: Verb,
    body: object,
    schema: z.ZodMiniType<T>,
    options: AttemptOptions,
  ): Promise<Attempt<T>>;
}

const Refusal = z.object({ error: z.string(), message: z.optional(z.string()) });

export function classifyAnswer<T>(status: number, body: string, schema: z.ZodMiniType<T>): Attempt<T> {
  const value = parseJson(body);
  const answer = schema.safeParse(value);
  // Also a conflict (409) and a report that comes late (410) are answers.
  if (answer.success && status < 500) return { kind: 'answered', answer: answer.data };
  if (status >= 200 && status < 300) {
    return { kind: 'temporary', message: `something else than Baton answered with status ${status}` };
  }
  const refusal = Refusal.safeParse(value);
  const said = refusal.success ? `${refusal.data.error}: ${refusal.data.message ?? ''}` : body.slice(0, 200);
  const message = `Baton answered ${status} ${said}`.trim();
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { kind: 'temporary', message };
  if (status === 401 || (status === 403 && !refusal.success)) return { kind: 'forbidden', message };
  return { kind: 'refused', message };
}

/** How far the host's clock is behind the answer's, unless that is little. */
export function clockOffsetMs(current: number, dateHeader: string | undefined, epochMs: number): number {
  const offset = Date.parse(dateHeader ?? '') - epochMs;
  return Number.isNaN(offset) || Math.abs(offset - current) < SKEW_TOLERATED_MS ? current : offset;
}

export function batonClient(
  endpoint: string,
  host: HostIdentity,
  { clock, send }: { clock: Clock; send: Send },
): BatonClient {
  const base = new URL(endpoint);
  let offsetMs = 0;

  async function signed(path: string, body: string): Promise<Record<string, string>> {
    const nowMs = clock.epochMs() + offsetMs;
    const signer = new SignatureV4({
      service: 'execute-api',
      region: await host.region(),
      credentials: await host.credentials(nowMs),
      sha256: Sha256,
    });
    const headers = { host: base.host, 'content-type': 'application/json' };
    const request = { method: 'POST', protocol: base.protocol, hostname: base.hostname, path, headers, body };
    return (await signer.sign(request, { signingDate: new Date(nowMs) })).headers;
  }

  return {
    async post(callbackId, verb, body, schema, { timeoutMs, abort }) {
      const text = JSON.stringify(body);
      const path = `${base.pathname.replace(/\/$/, '')}/callbacks/${callbackId}/${verb}`;
      try {
        const headers = await signed(path, text);
        const answer = await send(
          { method: 'POST', url: `${base.origin}${path}`, headers, body: text },
          timeoutMs,
          abort,
        );
        offsetMs = clockOffsetMs(offsetMs, answer.date, clock.epochMs());
        const attempt = classifyAnswer(answer.status, answer.body, schema);
        if (attempt.kind === 'forbidden') host.forget();
        return attempt;
      } catch (error) {
        const message = messageOf(error);
        return { kind: error instanceof NoRoleError ? 'forbidden' : 'temporary', message };
      }
    },
  };
}
