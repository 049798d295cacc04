import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { signRequest } from '../wire/sign-request.ts';
import { defaultSigner } from './default-signer.ts';

it('signs with the credentials of a container, where the environment has none', async () => {
  const issued = {
    AccessKeyId: 'AKIDCONTAINER',
    SecretAccessKey: 'secret',
    Token: 'token',
    Expiration: '2100-01-01T00:00:00Z',
  };
  const server = createServer((_, response) => void response.end(JSON.stringify(issued)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/credentials`);
  const url = new URL('https://api.example.com/callbacks/0123/heartbeat');
  const signer = defaultSigner({ AWS_REGION: 'eu-central-1' });
  const headers = await signRequest({ method: 'POST', url, headers: {} }, signer, new Date('2026-03-01T12:00:00Z'));
  expect(headers['authorization']).toContain('Credential=AKIDCONTAINER/20260301/eu-central-1/');
  expect(headers['x-amz-security-token']).toBe('token');
});

it('needs a region', () => {
  expect(() => defaultSigner({})).toThrow('AWS_REGION is not set');
});
