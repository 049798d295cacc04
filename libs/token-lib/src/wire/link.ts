/**
 * Signed links, which people and partners hold in place of credentials.
 *
 *     approval.K3x9aQ.<callbackId>.2.t1z4k0.<MAC>        purpose, key, callback, approver, expiry in seconds (base 36)
 *
 * The MAC covers the exact text before it, so a link has only one valid spelling. Before it is verified, only the key's
 * label is read, to select among the accepted keys. A link itself can be used repeatedly; the store makes sure that only
 * the first use counts.
 */
import { createHash } from 'node:crypto';
import type { CallbackId } from './callback-id.ts';
import { BatonError } from './errors.ts';
import type { Millis } from './millis.ts';

export type LinkPurpose = 'approval' | 'webhook';

export interface Link {
  readonly purpose: LinkPurpose;
  readonly callbackId: CallbackId;
  /** The approver's index in the work's list. Absent in links for partners. */
  readonly approver?: number | undefined;
  /** Rounded down to whole seconds. */
  readonly expiresAt: Millis;
}

/** HMAC-SHA-256 with a key that never leaves its service. Rejects if the key cannot be used. */
export interface Mac {
  sign(keyId: string, message: string): Promise<Uint8Array>;
  verify(keyId: string, message: string, mac: Uint8Array): Promise<boolean>;
}

export interface LinkKeys {
  readonly mac: Mac;
  /** The first key signs; all of them verify, so that links survive a change of keys. */
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
 * Verifies a link. Does not check expiry: holders of an expired link may still see how it ended.
 *
 * @throws {BatonError} `LinkRefused`, the same for a wrong form, key or MAC
 */
export async function verifyLink({ mac, keyIds }: LinkKeys, purpose: LinkPurpose, link: string): Promise<Link> {
  const [, text, written, label, callbackId, approver, expiry, signature] = FORM.exec(link) ?? [];
  const keyId = keyIds.find((candidate) => labelOf(candidate) === label);
  if (text === undefined || callbackId === undefined || expiry === undefined || signature === undefined)
    throw refused();
  if (written !== purpose || keyId === undefined) throw refused();
  const bytes = Buffer.from(signature, 'base64url');
  // The last base64url character has two unused bits, which the MAC does not cover.
  if (base64url(bytes) !== signature || !(await mac.verify(keyId, messageOf(text), bytes))) throw refused();
  return {
    purpose,
    callbackId,
    ...(approver !== '-' && { approver: Number(approver) }),
    expiresAt: Number.parseInt(expiry, 36) * 1000,
  };
}

/** Returns a key's label in links: short, and without revealing the key's name. */
const labelOf = (keyId: string): string => createHash('sha256').update(keyId).digest('base64url').slice(0, 6);

/** A prefix that separates links from anything else that the key might ever sign. */
const messageOf = (text: string): string => `baton link 1\n${text}`;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

const refused = (): BatonError => new BatonError('LinkRefused', 'not a link of this platform, or an incomplete one');
