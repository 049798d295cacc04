/** A request to a partner, who calls back later by a signed URL. */
import * as z from 'zod/mini';
import type { PartnerCaller } from './start-ports.ts';
import { PAUSES, retry } from '../wire/retry.ts';
import { type LinkPorts, signedUrl, type Startable, type Started, type Starter } from './start.ts';
import { timeoutSeconds } from './times.ts';

export const WebhookWork = z
  .strictObject({
    kind: z.literal('webhook'),
    /** HTTPS. Plain HTTP to this machine only if the platform allows it. */
    url: z.string().check(
      z.maxLength(2_000),
      z.refine((text) => isWebUrl(text), { error: 'must be an https:// URL without a name and password in it' }),
    ),
    /** Sent to the partner beside the callback URL, as any JSON. */
    payload: z.unknown(),
    /** The callback URL expires with the state. */
    timeoutSeconds,
  })
  .check(
    z.refine((work) => work.payload !== undefined, {
      error: 'is missing: any JSON, null at the least',
      path: ['payload'],
    }),
  );
export type WebhookWork = z.infer<typeof WebhookWork>;

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['https:', 'http:'].includes(protocol) && username === '' && password === '';
}

export interface WebhookStarterPorts extends LinkPorts {
  readonly partners: PartnerCaller;
  /** Plain HTTP to this machine: for development and tests. */
  readonly allowsLoopback: boolean;
}

/** Sends the partner a callback URL, which is valid for this callback only and until it expires. */
export function webhookStarter(ports: WebhookStarterPorts): Starter<WebhookWork> {
  return async (callback, work) => {
    if (!isAllowed(work.url, ports.allowsLoopback)) {
      return { answer: 'failed', code: 'InvalidRequest', why: 'work.url: must be https: the callback URL is a secret' };
    }
    const { callbackId, deadline } = callback;
    const signed = await signedUrl(ports, { purpose: 'webhook', callbackId, expiresAt: deadline });
    return signed.answer === 'signed' ? deliver(ports, callback, work, signed.url) : signed;
  };
}

async function deliver(
  { partners, pause }: WebhookStarterPorts,
  { callbackId, deadline }: Startable,
  { url, payload }: WebhookWork,
  callbackUrl: string,
): Promise<Started> {
  const body = JSON.stringify({ callbackUrl, expiresAt: new Date(deadline).toISOString(), payload });
  const said = await retry(() => partners.post({ url, headers: { 'idempotency-key': callbackId }, body }), {
    isFinal: (answer) => 'refused' in answer || !mayPass(answer.status),
    pauses: PAUSES.partner,
    pause,
  });
  if ('refused' in said) return { answer: 'failed', code: 'WebhookRefused', why: said.refused };
  if (said.status !== undefined && said.status >= 200 && said.status < 300) {
    return { answer: 'started', receipt: `HTTP ${said.status}` };
  }
  const answer = said.status === undefined ? `no answer (${said.why ?? 'unknown'})` : `HTTP ${said.status}`;
  const hint = isRedirect(said.status) ? '; redirects are not followed: name the URL itself' : '';
  const why = `${new URL(url).host} did not take the request: ${answer}${hint}`;
  return { answer: 'failed', code: 'WebhookNotDelivered', why };
}

const isRedirect = (status = 0): boolean => status >= 300 && status < 400;

/** No answer, a server error or throttling: the same request may succeed later. */
const mayPass = (status: number | undefined): boolean =>
  status === undefined || status >= 500 || status === 408 || status === 429;

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

const isAllowed = (text: string, allowsLoopback: boolean): boolean => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (allowsLoopback && LOOPBACK.test(hostname));
};
