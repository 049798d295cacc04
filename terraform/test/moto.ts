/** moto, an imitation of AWS's APIs, behind a proxy that repairs what it gets wrong. */
import { spawn } from 'node:child_process';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerInstead, mappingRepairs, redriveRepair, type Repair } from './moto-repairs.ts';
import { operationOf } from './operation-of.ts';

export interface Moto {
  readonly endpoint: string;
  /** The operations that were called, in IAM's words, such as lambda:GetFunction. */
  readonly asked: Set<string>;
  stop(): Promise<void>;
}

export async function startMoto(): Promise<Moto> {
  const server = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], {
    env: { ...process.env, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true' },
  });
  const port = await announcedPort(server.stdout, server.stderr);
  const asked = new Set<string>();
  const repairOf = mappingRepairs();
  const proxy = createServer((incoming, outgoing) => void pass({ port, asked, repairOf }, incoming, outgoing));
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  return {
    asked,
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

/** Reads the port that moto chose. The streams are read to their end, so that moto never blocks. */
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

interface Behind {
  readonly port: number;
  readonly asked: Set<string>;
  readonly repairOf: (path: string, body: string) => Repair | undefined;
}

async function pass(
  { port, asked, repairOf }: Behind,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = Buffer.from(await read(incoming));
  const { method = '', url = '', headers } = incoming;
  const target = headers['x-amz-target'] as string | undefined;
  asked.add(
    operationOf({ method, path: url, target, body: body.toString(), authorization: headers.authorization ?? '' }),
  );
  const answer = answerInstead(target);
  if (answer !== undefined) {
    outgoing.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    return;
  }
  const repair = target?.startsWith('AmazonSQS.') === true ? redriveRepair : repairOf(url, body.toString());
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
    if (repair === undefined) {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    } else {
      void answerRepaired(response, outgoing, repair);
    }
  });
  onward.on('error', (error) => outgoing.writeHead(502).end(String(error)));
  onward.end(body);
}

async function answerRepaired(response: IncomingMessage, outgoing: ServerResponse, repair: Repair): Promise<void> {
  const text = repair(Buffer.from(await read(response)).toString());
  // Of the answer as moto gave it; the rest, such as the name of an error, stays.
  const { headers } = response;
  delete headers['content-length'];
  delete headers['x-amz-crc32'];
  outgoing.writeHead(response.statusCode ?? 502, headers).end(text);
}

async function read(message: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
