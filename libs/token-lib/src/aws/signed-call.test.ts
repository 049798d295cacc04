import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { AwsRefusal, mayPass, pauseAfter, signedRequest } from './signed-call.ts';

it('is signed with the credentials of a container, where the environment has none', async () => {
  const issued = {
    AccessKeyId: 'AKIDCONTAINER',
    SecretAccessKey: 'secret',
    Token: 'token',
    Expiration: '2100-01-01T00:00:00Z',
  };
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.end(JSON.stringify(issued));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `${url}/credentials`);
  const connection = { region: 'eu-central-1', endpointOf: () => url, timeout: 5_000 };
  await signedRequest(connection, { service: 'sqs', method: 'GET', url: `${url}/queue`, headers: {} });
  expect(asked.map((request) => request.url)).toEqual(['/credentials', '/queue']);
  expect(asked[1]?.headers.authorization).toContain('Credential=AKIDCONTAINER/');
});

it.each([
  [1, 0, 100],
  [1, 0.5, 200],
  [2, 0.5, 400],
  [8, 0.999, 38_374],
  [9, 0.5, 30_000],
  [1_100, 0.5, 30_000],
])('the pause after attempt %i, by chance %d, is %i ms', (attempt, chance, millis) => {
  expect(Math.round(pauseAfter(attempt, chance))).toBe(millis);
});

it.each([
  [new TypeError('fetch failed'), true],
  [new AwsRefusal('InternalError', 500), true],
  [new AwsRefusal('ThrottlingException', 400), true],
  [new AwsRefusal('TooManyRequestsException', 429), true],
  [new AwsRefusal('OverLimit', 403), true],
  [new AwsRefusal('QueueDoesNotExist', 400), false],
  [new AwsRefusal('AccessDeniedException', 403), false],
])('%s may pass: %s', (error, passes) => {
  expect(mayPass(error)).toBe(passes);
});
