import {
  errorName,
  type LinkKeys,
  type Millis,
  type PartnerCaller,
  seconds,
  signLink,
  type Stored,
  type WebhookWork,
} from '@baton/token-lib';
import type { Pause } from './hand-over.ts';
import type { Started, Starter } from './starter.ts';

export interface WebhookStarterPorts {
  readonly partners: PartnerCaller;
  readonly linkKeys: LinkKeys;
  /** Where links lead. */
  readonly endpoint: string;
  /** Plain HTTP to this machine: for development and tests. */
  readonly allowsLoopback: boolean;
  readonly pause: Pause;
}

/** Before each further attempt. With four seconds an attempt they fit the function's time. */
const PAUSES: readonly Millis[] = [seconds(0.5), seconds(1.5), seconds(4)];

/** Gives the partner a URL to call back, which works for this callback alone and until it expires. */
export function webhookStarter(ports: WebhookStarterPorts): Starter<'webhook'> {
  return async (callback, work) => {
    if (!isAllowed(work.url, ports.allowsLoopback)) {
      return { started: false, code: 'InvalidRequest', why: 'work.url: must be https: the callback URL is a secret' };
    }
    try {
      const link = { purpose: 'webhook', callbackId: callback.callbackId, expiresAt: callback.deadline } as const;
      return await deliver(ports, callback, work, `${ports.endpoint}/webhooks/${await signLink(ports.linkKeys, link)}`);
    } catch (error) {
      return { started: false, code: 'DispatchFailed', why: `the callback URL was not signed: ${errorName(error)}` };
    }
  };
}

async function deliver(
  { partners, pause }: WebhookStarterPorts,
  { callbackId, deadline }: Stored,
  { url, payload }: WebhookWork,
  callbackUrl: string,
): Promise<Started> {
  const body = JSON.stringify({ callbackUrl, expiresAt: new Date(deadline).toISOString(), payload });
  const post = () => partners.post({ url, headers: { 'idempotency-key': callbackId }, body });
  let said = await post();
  for (const duration of PAUSES) {
    if (!mayPass(said.status)) break;
    await pause(duration);
    said = await post();
  }
  if (said.status !== undefined && said.status >= 200 && said.status < 300) {
    return { started: true, receipt: `HTTP ${said.status}` };
  }
  const answer = said.status === undefined ? `no answer (${said.why ?? 'unknown'})` : `HTTP ${said.status}`;
  const hint = isRedirect(said.status) ? '; redirects are not followed: name the URL itself' : '';
  return {
    started: false,
    code: 'WebhookNotDelivered',
    why: `${new URL(url).host} did not take the request: ${answer}${hint}`,
  };
}

const isRedirect = (status = 0): boolean => status >= 300 && status < 400;

/** No answer, an error of the server's, or too many requests: the same request may be taken later. */
const mayPass = (status: number | undefined): boolean =>
  status === undefined || status >= 500 || status === 408 || status === 429;

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

const isAllowed = (text: string, allowsLoopback: boolean): boolean => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (allowsLoopback && LOOPBACK.test(hostname));
};
