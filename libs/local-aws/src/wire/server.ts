import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpAnswer, HttpRequest } from '../kernel/http.ts';
import type { Unkindness } from '../kernel/unkindness.ts';

export const HOST = '127.0.0.1';

/** The largest request that any service here takes is a function's zip, 50 MB and base64. */
const MAX_BODY_BYTES = 70 * 1024 * 1024;

export interface Server {
  /** @throws where the port is taken, naming it */
  listen(port: number): Promise<string>;
  close(): Promise<void>;
}

/** A loopback HTTP server that reads each request whole and writes each answer whole. */
export function createHttpServer(
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  breaks: Unkindness['breaks'] = () => undefined,
): Server {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    request.on('end', () => {
      if (size > MAX_BODY_BYTES) return send(response, tooLarge);
      const broken = breaks();
      if (broken === 'before') return void request.socket.destroy();
      // What cannot be sent is a header that is none, which a function may have answered.
      handle(toRequest(request, chunks))
        .then((answer) => (broken === 'after' ? void request.socket.destroy() : send(response, answer)))
        .catch(() => send(response, internalError));
    });
  });
  // Clients keep connections for as long as they like: closing one as they write to it would look like a fault of AWS.
  server.keepAliveTimeout = 0;

  return {
    listen: (port) =>
      new Promise((resolve, reject) => {
        const refuse = (error: NodeJS.ErrnoException): void => reject(listenError(error, port));
        server.once('error', refuse);
        server.listen(port, HOST, () => {
          server.off('error', refuse);
          resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const tooLarge: HttpAnswer = {
  status: 413,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    __type: 'RequestEntityTooLargeException',
    message: `A request has at most ${MAX_BODY_BYTES} bytes`,
  }),
};

const internalError: HttpAnswer = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Internal Server Error"}',
};

function toRequest(request: IncomingMessage, chunks: Buffer[]): HttpRequest {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers,
    body: chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks),
    sourceIp: request.socket.remoteAddress ?? HOST,
  };
}

function send(response: ServerResponse, answer: HttpAnswer): void {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
  // The date is the platform's (see front-door.ts), which is not the machine's where time is moved by hand.
  response.sendDate = false;
  // The answer to HEAD has the length of what it is about.
  response.writeHead(answer.status, { 'content-length': length, ...answer.headers });
  response.end(answer.body);
}

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: choose another one, or end the program that listens on it`,
    EACCES: `Port ${port} may not be used by this user: choose one over 1023`,
  };
  return new Error(reasons[error.code ?? ''] ?? `Cannot listen on port ${port}: ${error.message}`, { cause: error });
}
