/**
 * Signed links: what a person or a partner holds in place of credentials.
 *
 *     approval.K3x9aQ.<callbackId>.2.t1z4k0.<MAC>        purpose, key, callback, approver, expiry in seconds (base 36)
 *
 * The MAC covers everything before it as it is written, so that no other spelling of the same link exists. Of a link
 * that does not verify nothing is read but the name of the key, and that only to pick among the keys that are accepted.
 * A link can be used as often as its holder likes: single use is the store's doing.
 */
import { createHash } from 'node:crypto';
import type { CallbackId } from './callback-id.ts';
import { BatonError } from './errors.ts';
import type { Millis } from './millis.ts';

export type LinkPurpose = 'approval' | 'webhook';

export interface Link {
  readonly purpose: LinkPurpose;
  readonly callbackId: CallbackId;
  /** The approver's place in the work's list; a partner's link has none. */
  readonly approver?: number | undefined;
  /** Whole seconds: what is less is left out. */
  readonly expiresAt: Millis;
}

/** HMAC-SHA-256 under a key that nobody sees. Rejects where the key cannot be used. */
export interface Mac {
  sign(keyId: string, message: string): Promise<Uint8Array>;
  verify(keyId: string, message: string, mac: Uint8Array): Promise<boolean>;
}

export interface LinkKeys {
  readonly mac: Mac;
  /** The first one signs; all of them verify, so that a link outlives the change to a new key. */
  readonly keyIds: readonly [string, ...string[]];
}

const FORM =
  /^((approval|webhook)\.([A-Za-z0-9_-]{6})\.([0-9a-hjkmnp-tv-z]{26})\.(-|\d{1,2})\.([0-9a-z]{1,9}))\.([A-Za-z0-9_-]{43})$/;

export async function signLink({ mac, keyIds }: LinkKeys, link: Link): Promise<string> {
  const { purpose, callbackId, approver, expiresAt } = link;
  const [keyId] = keyIds;
  const expiry = Math.floor(expiresAt / 1000).toString(36);
  const text = [purpose, labelOf(keyId), callbackId, approver ?? '-', expiry].join('.');
  return `${text}.${base64url(await mac.sign(keyId, messageOf(text)))}`;
}

/**
 * Says nothing about expiry: whoever holds an expired link may still learn how it ended.
 * @throws {BatonError} `LinkRefused`, of one kind: neither the form nor the key nor the MAC is told apart
 */
export async function verifyLink({ mac, keyIds }: LinkKeys, purpose: LinkPurpose, link: string): Promise<Link> {
  const [, text, written, label, callbackId, approver, expiry, signature] = FORM.exec(link) ?? [];
  const keyId = keyIds.find((candidate) => labelOf(candidate) === label);
  if (text === undefined || signature === undefined || written !== purpose || keyId === undefined) throw refused();
  const bytes = Buffer.from(signature, 'base64url');
  // The last character has two bits to spare, which no MAC covers.
  if (base64url(bytes) !== signature || !(await mac.verify(keyId, messageOf(text), bytes))) throw refused();
  return {
    purpose,
    callbackId: callbackId as CallbackId,
    ...(approver !== '-' && { approver: Number(approver) }),
    expiresAt: Number.parseInt(expiry as string, 36) * 1000,
  };
}

/** What a key is called in links: short, and not what AWS calls it. */
const labelOf = (keyId: string): string => createHash('sha256').update(keyId).digest('base64url').slice(0, 6);

/** The key signs nothing else, but should it ever: these are links, of this form. */
const messageOf = (text: string): string => `baton link 1\n${text}`;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const refused = (): BatonError => new BatonError('LinkRefused', 'this is no link of this platform, or not a whole one');
