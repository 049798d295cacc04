import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestWorld, type TestWorld } from '../../../test/test-world.ts';
import { startMetadataService, type MetadataService } from './metadata-service.ts';

const HOST = 'i-0123456789abcdef0';
const ROLE = 'arn:aws:iam::123456789012:role/baton-host';
const CREDENTIALS = '/latest/meta-data/iam/security-credentials/baton-host';
let test: TestWorld;
let service: MetadataService;

beforeEach(async () => {
  test = createTestWorld();
  service = await startMetadataService(test.world, {
    instanceId: HOST,
    roleName: 'baton-host',
    roleArn: ROLE,
    credentialSeconds: 3600,
  });
});
afterEach(async () => {
  await service.close();
  test.close();
});

const putToken = (seconds: string): Promise<Response> =>
  fetch(`${service.address}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': seconds },
  });
/** The status of a request that `fetch` would not send. */
const statusOf = (path: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.address);
    request({ hostname, port, path, headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
const get = (path: string, token: string): Promise<Response> =>
  fetch(service.address + path, { headers: { 'x-aws-ec2-metadata-token': token } });

describe('instance metadata', () => {
  it('tells the host who it is', async () => {
    const token = await (await putToken('60')).text();
    const read = async (path: string): Promise<string> => (await get(path, token)).text();
    expect(await read('/latest/meta-data/instance-id')).toBe(HOST);
    expect(await read('/latest/meta-data/placement/region')).toBe('us-east-1');
    expect(await read('/latest/meta-data/iam/security-credentials/')).toBe('baton-host');
    expect(JSON.parse(await read('/latest/dynamic/instance-identity/document'))).toMatchObject({
      instanceId: HOST,
      accountId: '123456789012',
      region: 'us-east-1',
    });
  });

  it('gives the role’s credentials under the host’s name, the same until they are near their end', async () => {
    const token = await (await putToken('21600')).text();
    const read = async () => (await (await get(CREDENTIALS, token)).json()) as Record<string, string>;
    const first = await read();
    expect(first).toMatchObject({ Code: 'Success', Type: 'AWS-HMAC', Expiration: '2026-01-01T01:00:00Z' });
    expect(test.world.credentials.resolve(String(first['AccessKeyId']))).toMatchObject({
      arn: `arn:aws:sts::123456789012:assumed-role/baton-host/${HOST}`,
      session: { token: first['Token'] },
    });
    await test.clock.advance(54 * 60_000);
    expect(await read()).toEqual(first);
    await test.clock.advance(60_000);
    expect((await read())['Expiration']).toBe('2026-01-01T01:55:00Z');
  });

  it('answers nothing without a token that is still good', async () => {
    const token = await (await putToken('60')).text();
    expect((await fetch(`${service.address}/latest/meta-data/instance-id`)).status).toBe(401);
    expect((await get('/latest/meta-data/instance-id', 'made-up')).status).toBe(401);
    await test.clock.advance(60_000);
    expect((await get('/latest/meta-data/instance-id', token)).status).toBe(401);
  });

  it.each(['0', '21601', 'soon'])('gives no token for %s seconds', async (seconds) => {
    expect((await putToken(seconds)).status).toBe(400);
  });

  it('has nothing else', async () => {
    const token = await (await putToken('60')).text();
    expect((await get('/latest/user-data', token)).status).toBe(404);
    expect((await get(`${CREDENTIALS}-of-another`, token)).status).toBe(404);
  });

  it('survives a path that is not a URL', async () => {
    const token = await (await putToken('60')).text();
    expect(await statusOf('//', { 'x-aws-ec2-metadata-token': token })).toBe(404);
    expect(await statusOf('/latest/meta-data/instance-id?a=//', { 'x-aws-ec2-metadata-token': token })).toBe(200);
  });

  it('refuses a web page that has pointed its own name here', async () => {
    const token = await (await putToken('60')).text();
    const headers = { host: 'evil.example', 'x-aws-ec2-metadata-token': token };
    expect(await statusOf('/latest/meta-data/instance-id', headers)).toBe(403);
  });
});
