import { createCipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { invalidToken, taskTimedOut } from '../refusals.ts';

/**
 * Task tokens: one per attempt, secret, and recognised for ever although only those of open attempts are kept.
 *
 * T1  A token is its nonce expanded with a key. Without the key nobody can make one or read anything from one.
 * T2  The table holds open attempts only. A genuine token that is not in it is refused with TaskTimedOut, any other text with
 *     InvalidToken. [recorded]
 * T3  The nonce ends in the masked number of the token's owner, so that IAM can compare policies with it when the task is over.
 * T4  Tokens look like AWS's: 640 to 712 characters of `A-Za-z0-9+/=`, two base64 runs, so `=` may stand in the middle.
 */
export interface TaskTokens<T> {
  /** `owner` is the ARN that IAM compares policies with: a state machine's, or an activity's. */
  mint(owner: string): string;
  /** Opens an attempt. Returns the key to close it with, so that the token need not be kept. */
  open(token: string, attempt: T): TokenKey;
  close(key: TokenKey): void;
  /** @throws {AwsError} InvalidToken, TaskTimedOut */
  find(token: string): T;
  /** @throws {AwsError} InvalidToken */
  ownerOf(token: string): string;
}

/** A token's nonce, a twentieth of its length. */
export type TokenKey = string & { readonly kind: 'TokenKey' };

const NONCE_BYTES = 16;
/** The nonce and the two bytes that follow it, as base64. */
const KEY_TEXT = 24;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The length of the head that AWS's newer tokens share; only its fourth character varies. */
const HEAD = 25;
const ZEROS = Buffer.alloc(544);

export function createTaskTokens<T>(key: Buffer = randomBytes(32)): TaskTokens<T> {
  const living = new Map<TokenKey, T>();
  const owners = createOwners();
  /** A report asks for the owner, then for the attempt; the second check of the same token costs nothing. */
  let lastGenuine: string | undefined;
  const nonceOf = (token: string): Buffer =>
    Buffer.from(token.slice(HEAD, HEAD + KEY_TEXT), 'base64').subarray(0, NONCE_BYTES);
  // A new string: a slice would keep the whole token in memory.
  const keyOf = (token: string): TokenKey => nonceOf(token).toString('latin1') as TokenKey;

  const expand = (nonce: Buffer): string => {
    const stream = createCipheriv('aes-256-ctr', key, nonce).update(ZEROS);
    const first = 220 + (stream.readUInt8(0) % 21);
    const second = 238 + (stream.readUInt8(1) % 30);
    const letter = ALPHABET.charAt(stream.readUInt8(2) % 64);
    const head = `AQC${letter}AAAAKgAAAAMAAAAAAAAAA`;
    const firstRun = Buffer.concat([nonce, stream.subarray(3, 3 + first - NONCE_BYTES)]).toString('base64');
    return head + firstRun + stream.subarray(256, 256 + second).toString('base64');
  };

  const isGenuine = (token: string): boolean => {
    const nonce = nonceOf(token);
    if (nonce.length < NONCE_BYTES) return false;
    const given = Buffer.from(token);
    const expected = Buffer.from(expand(nonce));
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  const check = (token: string): void => {
    if (token !== lastGenuine && !isGenuine(token)) throw invalidToken('Invalid token');
    lastGenuine = token;
  };

  return {
    mint: (owner) => expand(owners.nonceFor(owner)),
    open(token, attempt) {
      const key = keyOf(token);
      living.set(key, attempt);
      return key;
    },
    close: (key) => void living.delete(key),
    ownerOf(token) {
      check(token);
      return owners.of(nonceOf(token));
    },
    find(token) {
      check(token);
      const attempt = living.get(keyOf(token));
      if (attempt === undefined) throw taskTimedOut('Provided task does not exist anymore');
      return attempt;
    },
  };
}

/** Nonces whose last four bytes are the masked number of an owner. */
function createOwners(): { nonceFor(owner: string): Buffer; of(nonce: Buffer): string } {
  const mask = randomBytes(4).readUInt32BE();
  const arns: string[] = [];
  const numbers = new Map<string, number>();
  return {
    nonceFor(owner) {
      const number = numbers.get(owner) ?? arns.push(owner) - 1;
      numbers.set(owner, number);
      const nonce = randomBytes(NONCE_BYTES);
      nonce.writeUInt32BE((number ^ mask) >>> 0, NONCE_BYTES - 4);
      return nonce;
    },
    of: (nonce) => arns[(nonce.readUInt32BE(NONCE_BYTES - 4) ^ mask) >>> 0] ?? '*',
  };
}
