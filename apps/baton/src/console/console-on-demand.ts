import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What is served, and where. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a page that is loaded when somebody first asks for it, and leads there: it needs the AWS SDK, for which a bare start does not wait. */
export async function serveOnDemand(load: () => Promise<Served>): Promise<Served> {
  let served: Promise<Served> | undefined;
  const server = createServer((_request, response) => {
    served ??= load();
    served.then(
      ({ url }) => response.writeHead(302, { location: url, 'cache-control': 'no-store' }).end(),
      (error: Error) => response.writeHead(500).end(`${error.message}\n`),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await (await served)?.close();
    },
  };
}
