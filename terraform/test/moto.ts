/** moto, an imitation of AWS's APIs, behind a proxy that repairs what it gets wrong. */
import { spawn } from 'node:child_process';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerInstead } from './moto-repairs.ts';

export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const port = await announcedPort(server.stdout, server.stderr);
  const proxy = createServer((incoming, outgoing) => void pass(port, incoming, outgoing));
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop: async () => {
      const ended = new Promise((done) => server.once('exit', done));
      server.kill();
      proxy.closeAllConnections();
      proxy.close();
      await ended;
    },
  };
}

/** moto was told to choose a port; it says which one it took. The streams are read to the end so that it never blocks. */
function announcedPort(...streams: NodeJS.ReadableStream[]): Promise<number> {
  return new Promise((found, failed) => {
    let said = '';
    for (const stream of streams) {
      stream.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2000);
        const port = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
        if (port !== undefined) found(Number(port));
      });
      stream.once('end', () => failed(new Error(`moto_server ended before it listened:\n${said}`)));
    }
  });
}

async function pass(port: number, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const answer = answerInstead(incoming.headers['x-amz-target'] as string | undefined);
  if (answer !== undefined) {
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    return;
  }
  const { method, url, headers } = incoming;
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  onward.on('error', (error) => outgoing.writeHead(502).end(String(error)));
  onward.end(Buffer.concat(chunks));
}
