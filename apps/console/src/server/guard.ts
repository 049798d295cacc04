/**
 * Who may ask, and what a page may do. The console acts with an operator's rights, so other pages of the same browser, other users of the
 * network and rebound names must not reach it:
 *
 *   address     it listens on 127.0.0.1 alone, and answers only to that name: a rebound name has another Host
 *   session     the printed address holds a token, which is exchanged for a cookie that no script reads and no other site's page sends
 *   writes      need this page's Origin, JSON, and a header that a form cannot send
 *   page        its policy allows nothing but its own files: no inline code, no other host, no frame around it
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler, Next } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Refusal } from './refusal.ts';

export interface Session {
  /** In the printed address. */
  readonly token: string;
  /** What the cookie holds: nobody who reads an address over a shoulder or in a browser's history can make it. */
  readonly secret: string;
  readonly port: number;
}

/** The header that every write carries. */
export const WRITE_HEADER = 'x-baton-console';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** Sets the headers of every answer, errors included. */
export const withHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
};

/** A cookie is sent to every port of a host: its name keeps two consoles of one machine apart. */
const cookieOf = ({ port }: Session): string => `baton-console-${port}`;

const same = (given: string | undefined, wanted: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return given !== undefined && timingSafeEqual(digest(given), digest(wanted));
};

/** @throws {Refusal} 421 for another Host, 401 without the cookie, 403 for a write that this page did not make, 405 for one that may not be */
export function guard(session: Session, readOnly: boolean): MiddlewareHandler {
  const host = `127.0.0.1:${session.port}`;
  return async (context: Context, next: Next) => {
    if (context.req.header('host') !== host) throw new Refusal(421, `The console answers at http://${host} only.`);
    if (context.req.path === '/' && same(context.req.query('token'), session.token)) return enter(context, session);
    if (!same(getCookie(context, cookieOf(session)), session.secret)) {
      throw new Refusal(401, 'Open the address that the command has printed: it holds the token of this session.');
    }
    if (!['GET', 'HEAD'].includes(context.req.method)) checkWrite(context, host, readOnly);
    return next();
  };
}

function enter(context: Context, session: Session): Response {
  setCookie(context, cookieOf(session), session.secret, { path: '/', httpOnly: true, sameSite: 'Strict' });
  return context.redirect('/', 303);
}

function checkWrite({ req }: Context, host: string, readOnly: boolean): void {
  const site = req.header('sec-fetch-site') ?? 'same-origin';
  if (req.header('origin') !== `http://${host}` || site !== 'same-origin') {
    throw new Refusal(403, 'Only the console’s own page may change something.');
  }
  if (req.header(WRITE_HEADER) === undefined || !req.header('content-type')?.startsWith('application/json')) {
    throw new Refusal(403, 'A change is sent as JSON by the console’s own page.');
  }
  if (readOnly) throw new Refusal(405, 'The console was started with --read-only: it changes nothing.');
}
