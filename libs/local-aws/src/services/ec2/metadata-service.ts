import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Millis } from '../../kernel/clock/clock.ts';
import { isForThisMachine } from '../../kernel/http.ts';
import type { TemporaryPrincipal } from '../../kernel/credentials.ts';
import type { World } from '../../kernel/service.ts';

export interface MetadataOptions {
  readonly instanceId: string;
  readonly roleName: string;
  readonly roleArn: string;
  /** How long each set of credentials lives. */
  readonly credentialSeconds: number;
}

export interface MetadataService {
  /** E.g. `http://127.0.0.1:40123`: what AWS_EC2_METADATA_SERVICE_ENDPOINT takes. */
  readonly address: string;
  close(): Promise<void>;
}

/** On EC2 new credentials appear at least five minutes before the old ones end; of short-lived ones, at half time. */
const RENEW_BEFORE: Millis = 300_000;
const MAX_TOKEN_SECONDS = 21_600;

/** Instance metadata, version 2 only, on a loopback port of its own: a host is told from the others by the port it asks. */
export async function startMetadataService(world: World, options: MetadataOptions): Promise<MetadataService> {
  const tokens = new Map<string, Millis>();
  const pages = metadataPages(world, options);

  const server = createServer((request, response) => {
    if (!isForThisMachine(request.headers.host)) return answer(response, 403, '');
    const [path = '/'] = (request.url ?? '/').split('?');
    if (request.method === 'PUT' && path === '/latest/api/token') return putToken(world, tokens, request, response);
    if (request.method !== 'GET') return answer(response, 405, '');
    const token = request.headers['x-aws-ec2-metadata-token'];
    const expires = typeof token === 'string' ? tokens.get(token) : undefined;
    if (expires === undefined || expires <= world.clock.now()) return answer(response, 401, '');
    const page = pages[path.replace(/(.)\/$/, '$1')];
    return page === undefined ? answer(response, 404, '') : answer(response, 200, page());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();

  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function putToken(world: World, tokens: Map<string, Millis>, request: IncomingMessage, response: ServerResponse): void {
  const seconds = Number(request.headers['x-aws-ec2-metadata-token-ttl-seconds']);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_TOKEN_SECONDS) return answer(response, 400, '');
  const now = world.clock.now();
  for (const [token, expires] of tokens) if (expires <= now) tokens.delete(token);
  const token = Buffer.from(world.uuid() + world.uuid()).toString('base64url');
  tokens.set(token, now + seconds * 1000);
  answer(response, 200, token, { 'x-aws-ec2-metadata-token-ttl-seconds': String(seconds) });
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
}

/** By path, without a slash at the end. */
function metadataPages(world: World, options: MetadataOptions): Record<string, () => string> {
  const { instanceId, roleName } = options;
  const credentials = instanceCredentials(world, options);
  return {
    '/latest/meta-data': () => 'iam/\ninstance-id\nplacement/',
    '/latest/meta-data/instance-id': () => instanceId,
    '/latest/meta-data/placement': () => 'availability-zone\nregion',
    '/latest/meta-data/placement/region': () => world.region,
    '/latest/meta-data/placement/availability-zone': () => `${world.region}a`,
    '/latest/meta-data/iam': () => 'security-credentials/',
    '/latest/meta-data/iam/security-credentials': () => roleName,
    [`/latest/meta-data/iam/security-credentials/${roleName}`]: credentials,
    '/latest/dynamic/instance-identity/document': () =>
      JSON.stringify({
        accountId: world.accountId,
        availabilityZone: `${world.region}a`,
        instanceId,
        region: world.region,
        version: '2017-09-30',
      }),
  };
}

function instanceCredentials(world: World, { instanceId, roleArn, credentialSeconds }: MetadataOptions): () => string {
  let current: TemporaryPrincipal | undefined;
  let issued: Millis = 0;
  const renewBefore = Math.min(RENEW_BEFORE, (credentialSeconds * 1000) / 2);
  return () => {
    const now = world.clock.now();
    if (current === undefined || current.session.expiration - now <= renewBefore) {
      current = world.credentials.issue({ roleArn, sessionName: instanceId, durationSeconds: credentialSeconds });
      issued = now;
    }
    return JSON.stringify({
      Code: 'Success',
      LastUpdated: isoSeconds(issued),
      Type: 'AWS-HMAC',
      AccessKeyId: current.accessKeyId,
      SecretAccessKey: current.secretAccessKey,
      Token: current.session.token,
      Expiration: isoSeconds(current.session.expiration),
    });
  };
}

const isoSeconds = (time: Millis): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
