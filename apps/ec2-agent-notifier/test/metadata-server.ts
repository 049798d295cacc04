/** An instance metadata service, version 2 only. Every fetch of credentials hands out a new key. */
import { createServer } from 'node:http';
import { listen, type Listening } from './listen.ts';

export interface MetadataServer extends Listening {
  /** Keys handed out so far; the secret of key n is `secret-n`. */
  keysHandedOut(): number;
  lifetimeMs: number;
  role: string | undefined;
}

export async function startMetadataServer(): Promise<MetadataServer> {
  let keys = 0;
  const server = createServer((request, response) => {
    const answer = (status: number, body: string) => response.writeHead(status).end(body);
    if (request.method === 'PUT' && request.url === '/latest/api/token') return answer(200, 'session');
    if (request.headers['x-aws-ec2-metadata-token'] !== 'session') return answer(401, '');
    const path = request.url?.replace('/latest/meta-data/', '');
    if (path === 'placement/region') return answer(200, 'eu-west-1');
    if (metadata.role === undefined) return answer(404, '');
    if (path === 'iam/security-credentials/') return answer(200, metadata.role);
    if (path !== `iam/security-credentials/${metadata.role}`) return answer(404, '');
    keys += 1;
    const Expiration = new Date(Date.now() + metadata.lifetimeMs).toISOString();
    const key = { AccessKeyId: `key-${keys}`, SecretAccessKey: `secret-${keys}`, Token: `session-${keys}`, Expiration };
    return answer(200, JSON.stringify({ Code: 'Success', ...key }));
  });
  const metadata: MetadataServer = {
    ...(await listen(server)),
    keysHandedOut: () => keys,
    lifetimeMs: 3_600_000,
    role: 'job-host',
  };
  return metadata;
}
