/**
 * The client of Baton's HTTP API, for the program on the host and for workers: one signed request, and what its answer
 * means. It never retries: retry.ts does.
 *
 * API Gateway refuses credentials with 403 and no code of Baton's, in words that do not tell an expired session from a
 * wrong role or a wrong clock. So such a refusal makes the identity forget its credentials, the clock is set by the
 * answer's Date header, and the next attempt shows.
 */
import * as z from 'zod/mini';
import { type Millis, seconds } from './millis.ts';
import { parseJson } from './parse.ts';
import type { Send } from './fetch-send.ts';
import { type Credentials, signRequest } from './sign-request.ts';
import { revealWorkSecret, WORK_SECRET_HEADER, type WorkSecret } from './work-secret.ts';

export type ReportVerb = 'claim' | 'heartbeat' | 'success' | 'failure';

/** What came of one request. */
export type Attempt<T> =
  | { readonly kind: 'answered'; readonly answer: T }
  /** The network, a throttle, a server error: the same request may work soon. */
  | { readonly kind: 'temporary'; readonly message: string }
  /** Credentials or clock were refused; both have been renewed. */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** Baton read the request and refused it. */
  | { readonly kind: 'refused'; readonly message: string };

/** Whose requests they are. */
export interface Identity {
  region(): Promise<string>;
  /** Rejects where there are none. */
  credentials(now: Millis): Promise<Credentials>;
  /** The credentials were refused: the next call gets new ones. */
  forget(): void;
}

/** The identity has no credentials and will not get any soon. */
export class NoCredentialsError extends Error {
  override readonly name = 'NoCredentialsError';
}

export interface AttemptOptions {
  readonly timeout: Millis;
  readonly abort?: AbortSignal;
  /** Came with the work, if it is that of a queue or function. */
  readonly workSecret?: WorkSecret | undefined;
}

export interface BatonClient {
  /** Never rejects. */
  post<T>(
    callbackId: string,
    verb: ReportVerb,
    body: object,
    schema: z.ZodMiniType<T>,
    options: AttemptOptions,
  ): Promise<Attempt<T>>;
}

export interface ClientOptions {
  /** The address of the HTTP API. */
  readonly endpoint: string;
  readonly identity: Identity;
  readonly send: Send;
  /** Milliseconds since 1970, as this machine believes. */
  readonly now: () => Millis;
}

export function batonClient({ endpoint, identity, send, now }: ClientOptions): BatonClient {
  const base = new URL(endpoint);
  let offset: Millis = 0;

  async function sign(url: URL, body: string, secret: WorkSecret | undefined): Promise<Record<string, string>> {
    const at = now() + offset;
    const signer = { region: await identity.region(), credentials: await identity.credentials(at) };
    const headers = {
      'content-type': 'application/json',
      ...(secret && { [WORK_SECRET_HEADER]: revealWorkSecret(secret) }),
    };
    return signRequest({ method: 'POST', url, headers, body }, signer, new Date(at));
  }

  return {
    async post(callbackId, verb, content, schema, { timeout, abort, workSecret }) {
      const body = JSON.stringify(content);
      const url = new URL(`${base.pathname.replace(/\/$/, '')}/callbacks/${callbackId}/${verb}`, base);
      try {
        const headers = await sign(url, body, workSecret);
        const reply = await send({ method: 'POST', url: url.href, headers, body }, timeout, abort);
        offset = clockOffset(offset, reply.date, now());
        const attempt = classifyReply(reply.status, reply.body, schema);
        if (attempt.kind === 'forbidden') identity.forget();
        return attempt;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return { kind: error instanceof NoCredentialsError ? 'forbidden' : 'temporary', message };
      }
    },
  };
}

const Refusal = z.object({ error: z.string(), message: z.optional(z.string()) });

/** Too early, timed out, throttled. */
const TEMPORARY = new Set([408, 425, 429]);
const SHOWN_CHARACTERS = 200;

/** Returns what a reply of the HTTP API means: the one table of its statuses. */
export function classifyReply<T>(status: number, body: string, schema: z.ZodMiniType<T>): Attempt<T> {
  const value = parseJson(body);
  const answer = schema.safeParse(value);
  // A conflict (409) and a report that comes late (410) are answers, too.
  if (answer.success && status < 500) return { kind: 'answered', answer: answer.data };
  if (status >= 200 && status < 300) {
    return { kind: 'temporary', message: `something else than Baton answered with status ${status}` };
  }
  const refusal = Refusal.safeParse(value);
  const said = refusal.success
    ? `${refusal.data.error}: ${refusal.data.message ?? ''}`
    : body.slice(0, SHOWN_CHARACTERS);
  const message = `Baton answered ${status} ${said}`.trim();
  if (TEMPORARY.has(status) || status >= 500) return { kind: 'temporary', message };
  if (status === 401 || (status === 403 && !refusal.success)) return { kind: 'forbidden', message };
  return { kind: 'refused', message };
}

/** API Gateway refuses signatures that are five minutes old or ahead. */
const SKEW_TOLERATED = seconds(60);

/** Returns how far this machine's clock is behind that of the reply; differences under a minute are left alone. */
export function clockOffset(current: Millis, dateHeader: string | undefined, now: Millis): Millis {
  const offset = Date.parse(dateHeader ?? '') - now;
  return Number.isNaN(offset) || Math.abs(offset - current) < SKEW_TOLERATED ? current : offset;
}
