import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EC2Client, ec2Hosts } from './ec2-hosts.ts';

const asked: string[] = [];
let answer = { status: 200, body: '' };
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    asked.push(body);
    response.writeHead(answer.status, { 'content-type': 'text/xml' }).end(answer.body);
  });
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

const hosts = () =>
  ec2Hosts(
    new EC2Client({
      region: 'eu-central-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
    }),
  );

it('says the state of an instance in the words of EC2', async () => {
  const state = '<instanceState><code>48</code><name>terminated</name></instanceState>';
  const instance = `<item><instanceId>i-1</instanceId>${state}</item>`;
  const body = `<DescribeInstancesResponse><reservationSet><item><instancesSet>${instance}</instancesSet></item></reservationSet></DescribeInstancesResponse>`;
  answer = { status: 200, body };
  expect(await hosts().stateOf('i-1')).toBe('terminated');
  expect(asked.at(-1)).toMatch(/Action=DescribeInstances.*InstanceId\.1=i-1/);
});

it('knows nothing of an instance that EC2 has forgotten', async () => {
  const error = '<Error><Code>InvalidInstanceID.NotFound</Code><Message>gone</Message></Error>';
  answer = { status: 400, body: `<Response><Errors>${error}</Errors></Response>` };
  expect(await hosts().stateOf('i-1')).toBeUndefined();
});

it('does not ask EC2 after a managed node that is not its own', async () => {
  const before = asked.length;
  expect(await hosts().stateOf('mi-0123456789abcdef0')).toBeUndefined();
  expect(asked).toHaveLength(before);
});
