/**
 * Who was given the work of a callback: a secret of the callback travels with the message or the invocation, and comes back
 * with each report. The callbackId stands in logs, commands and lists, and so proves nothing by itself.
 *
 * The secret is made from the task token: a repeated dispatch sends the same one, and nothing has to be stored to send it.
 * A row keeps its SHA-256 alone, from the beginning and beyond its end, when the token is gone and duplicates are still
 * answered.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { revealTaskToken, type TaskToken } from './task-token.ts';
import { Unprintable } from './unprintable.ts';

/** The header of a report over HTTP. In messages, invocations and queued reports it is the member `workSecret`. */
export const WORK_SECRET_HEADER = 'x-baton-work-secret';

const LABEL = 'baton work secret 1';
/** 32 bytes in base64url. */
const FORM = /^[A-Za-z0-9_-]{43}$/;

let make: (text: string) => WorkSecret;
let reveal: (secret: WorkSecret) => string;

export class WorkSecret extends Unprintable {
  readonly #text: string;

  static {
    make = (text) => new WorkSecret(text);
    reveal = (secret) => secret.#text;
  }

  private constructor(text: string) {
    super('[WorkSecret]');
    this.#text = text;
  }

  /** Returns undefined for what is not a secret by its form: it proves as little as none. */
  static of(this: void, value: unknown): WorkSecret | undefined {
    return typeof value === 'string' && FORM.test(value) ? make(value) : undefined;
  }
}

/** Returns the text of a secret: for what carries the work, and for the reports of it. */
export const revealWorkSecret = (secret: WorkSecret): string => reveal(secret);

/** The same token always has the same secret, which does not lead back to it. */
export const workSecretOf = (token: TaskToken): WorkSecret =>
  make(createHmac('sha256', revealTaskToken(token)).update(LABEL).digest('base64url'));

/** What a row keeps of its secret. */
export const WorkSecretHash = z.string().check(z.regex(FORM));
export type WorkSecretHash = z.infer<typeof WorkSecretHash>;

export const hashOfWorkSecret = (secret: WorkSecret): WorkSecretHash => digest(secret).toString('base64url');

/** Compares in constant time. */
export const isSecretOf = (hash: WorkSecretHash, secret: WorkSecret): boolean =>
  timingSafeEqual(digest(secret), Buffer.from(hash, 'base64url'));

const digest = (secret: WorkSecret): Buffer => createHash('sha256').update(reveal(secret)).digest();
