/**
 * The completer's HTTP API as a host sees it, behind a gateway that checks signatures. Scripted: for each verb a list of replies,
 * of which the last one stays. It keeps every request that passed the gateway, and tells when one has come.
 */
import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Job, ReportVerb } from '@baton/token-lib';
import { listen, type Listening } from './listen.ts';
import { readSignature } from './sigv4.ts';

export type Reply =
  | { readonly status?: number; readonly body: unknown }
  /** The connection is dropped; `acted` says nothing to the client: the server may have done its work. */
  | 'drop'
  /** No answer ever. */
  | 'hang';

export interface Seen {
  readonly verb: ReportVerb;
  readonly callbackId: string;
  readonly body: Record<string, unknown>;
}

export interface BatonServer extends Listening {
  readonly seen: Seen[];
  script(verb: ReportVerb, ...replies: Reply[]): void;
  /** Resolves with the nth request of a kind (the first is 1), which may have come already. */
  nth(verb: ReportVerb, n?: number, matching?: (body: Seen['body']) => boolean): Promise<Seen>;
  /** Refuses keys up to this one as a gateway refuses an expired session. */
  revokeKeysUpTo(key: number): void;
  /** How far this server's clock is ahead of the host's. */
  clockAheadMs: number;
  readonly forbidden: number;
}

export const APPLIED: Reply = { body: { answer: 'applied' } };
export const STORED: Reply = { status: 202, body: { answer: 'stored' } };
export const CONTINUE: Reply = { body: { answer: 'continue', timeLeftSeconds: 600 } };
export const STOP: Reply = { body: { answer: 'stop', reason: 'a newer attempt has taken over' } };
export const FORBIDDEN: Reply = { status: 403, body: { message: 'Forbidden' } };

export function granted(job: Job, overrides: object = {}): Reply {
  const times = { heartbeatIntervalSeconds: 0.05, heartbeatSeconds: 20, timeLeftSeconds: 600, stopGraceSeconds: 20 };
  return { body: { answer: 'granted', job, ...times, ...overrides } };
}

export async function startBatonServer(): Promise<BatonServer> {
  const seen: Seen[] = [];
  const arrivals = new EventEmitter().setMaxListeners(0);
  const scripts = new Map<ReportVerb, Reply[]>([
    ['heartbeat', [CONTINUE]],
    ['success', [APPLIED]],
    ['failure', [APPLIED]],
  ]);
  let revoked = 0;
  let forbidden = 0;

  function passesGateway(request: IncomingMessage, body: string): boolean {
    const signature = readSignature(request, body);
    const key = Number(/^key-(\d+)$/.exec(signature?.accessKeyId ?? '')?.[1]);
    const skewMs = Math.abs(Date.now() + baton.clockAheadMs - (signature?.signedAtMs ?? 0));
    return (
      signature?.region === 'eu-west-1' && key > revoked && skewMs < 300_000 && signature.holdsFor(`secret-${key}`)
    );
  }

  function send(response: ServerResponse, reply: Reply): void {
    if (reply === 'hang') return;
    if (reply === 'drop') return void response.socket?.destroy();
    const date = new Date(Date.now() + baton.clockAheadMs).toUTCString();
    response
      .writeHead(reply.status ?? 200, { 'content-type': 'application/json', date })
      .end(JSON.stringify(reply.body));
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const [, callbackId = '', verb = ''] = /^\/callbacks\/([0-9a-z]{26})\/(\w+)$/.exec(request.url ?? '') ?? [];
      if (!passesGateway(request, body)) {
        forbidden += 1;
        return send(response, FORBIDDEN);
      }
      const replies = scripts.get(verb as ReportVerb) ?? [
        { status: 404, body: { error: 'UnknownCallback', message: 'no such callback' } },
      ];
      const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
      const one = { verb: verb as ReportVerb, callbackId, body: JSON.parse(body) as Seen['body'] };
      seen.push(one);
      send(response, reply);
      arrivals.emit('arrival');
    });
  });

  const baton: BatonServer = {
    ...(await listen(server)),
    seen,
    clockAheadMs: 0,
    script: (verb, ...replies) => void scripts.set(verb, replies),
    nth(verb, n = 1, matching = () => true) {
      return new Promise((resolve) => {
        const look = () => {
          const found = seen.filter((one) => one.verb === verb && matching(one.body))[n - 1];
          if (found === undefined) return;
          arrivals.off('arrival', look);
          resolve(found);
        };
        arrivals.on('arrival', look);
        look();
      });
    },
    revokeKeysUpTo: (key) => void (revoked = key),
    get forbidden() {
      return forbidden;
    },
  };
  return baton;
}
