import * as z from 'zod/mini';
import { timeoutSeconds } from './times.ts';

/** A request to a partner, who calls back later by a signed URL. */
export const WebhookWork = z
  .strictObject({
    kind: z.literal('webhook'),
    /** HTTPS; plain HTTP to this very machine where the platform is configured to allow it. */
    url: z.string().check(
      z.maxLength(2_000),
      z.refine((text) => isWebUrl(text), { error: 'must be an https:// URL without a name and password in it' }),
    ),
    /** Any JSON: what the partner gets, beside the URL to call back. */
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
