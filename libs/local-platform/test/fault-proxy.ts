import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What happens to a request: `pass` forwards it; `cut` closes the connection before it is forwarded; `dropAnswer` forwards it and drops the
 * response; `hang` neither forwards nor answers it.
 */
export type Fault = 'pass' | 'cut' | 'dropAnswer' | 'hang';

export interface FaultProxy {
  readonly url: string;
  /** Decides for each request from now on. */
  decide: (request: { path: string; target: string; body: string }) => Fault;
  close(): Promise<void>;
}

/** An HTTP proxy between a client and the local AWS that injects faults. Headers pass unchanged, so signatures stay valid. */
export async function createFaultProxy(upstream: string): Promise<FaultProxy> {
  const to = new URL(upstream);
  const server = createServer((request, response) => void handle(request, response));
  const proxy: FaultProxy = {
    url: '',
    decide: () => 'pass',
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const target = String(request.headers['x-amz-target'] ?? '');
    const fault = proxy.decide({ path: request.url ?? '', target, body: body.toString() });
    if (fault === 'hang') return;
    if (fault === 'cut') return void request.socket.destroy();
    const onward = forward({
      host: to.hostname,
      port: to.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    });
    onward.on('response', (answer) => {
      if (fault === 'dropAnswer') {
        answer.resume();
        answer.on('end', () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    onward.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
