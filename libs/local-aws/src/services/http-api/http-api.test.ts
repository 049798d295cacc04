import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ManualClock } from '../../kernel/clock/manual-clock.ts';
import type { Principal } from '../../kernel/credentials.ts';
import { createLocalAws, type LocalAws } from '../../local-aws.ts';
import type { JsonObject } from '../../kernel/service.ts';
import { createFunction } from '../../testing.ts';

let aws: LocalAws<ManualClock>;
let url: string;
let apiId: string;
let functions = 0;

beforeEach(async () => {
  aws = createLocalAws({ clock: 'manual' });
  await aws.listen();
  const api = await aws.call('apigateway:CreateApi', { Name: 'test', ProtocolType: 'HTTP' });
  apiId = String(api['ApiId']);
  url = String(api['ApiEndpoint']);
  await aws.call('apigateway:CreateStage', { ApiId: apiId, StageName: '$default', AutoDeploy: true });
});
afterEach(() => aws.close());

async function addRoute(
  RouteKey: string,
  source: string,
  AuthorizationType = 'NONE',
  settings: JsonObject = {},
): Promise<void> {
  const name = `function-${++functions}`;
  const { IntegrationId } = await aws.call('apigateway:CreateIntegration', {
    ApiId: apiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: await createFunction(aws, name, source),
    PayloadFormatVersion: '2.0',
    ...settings,
  });
  const Target = `integrations/${String(IntegrationId)}`;
  await aws.call('apigateway:CreateRoute', { ApiId: apiId, RouteKey, Target, AuthorizationType });
}

const ECHO = 'export const handler = async (event) => event;';
const answering = (result: unknown): string => `export const handler = async () => (${JSON.stringify(result)});`;

async function request(
  path: string,
  init: RequestInit = {},
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(url + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const eventOf = async (path: string, init?: RequestInit) => JSON.parse((await request(path, init)).text) as JsonObject;

test('the event is of payload format 2.0, and absent members are missing', async () => {
  await addRoute('ANY /items/{id}', ECHO);
  const event = await eventOf('/items/a%20b?x=1&x=2&y=%20', {
    method: 'PUT',
    headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'user-agent': 'tester', 'X-Many': 'one, two' },
    body: '{"ü":1}',
  });
  const now = aws.clock.now();
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /items/{id}',
    rawPath: '/items/a%20b',
    rawQueryString: 'x=1&x=2&y=%20',
    cookies: ['a=1', 'b=2'],
    headers: { 'content-type': 'application/json', 'user-agent': 'tester', 'x-many': 'one, two' },
    queryStringParameters: { x: '1,2', y: ' ' },
    pathParameters: { id: 'a b' },
    body: '{"ü":1}',
    isBase64Encoded: false,
    requestContext: {
      accountId: '123456789012',
      apiId,
      domainPrefix: apiId,
      http: { method: 'PUT', path: '/items/a%20b', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'tester' },
      routeKey: 'ANY /items/{id}',
      stage: '$default',
      timeEpoch: now,
    },
  });
  const bare = await eventOf('/items/x');
  for (const member of ['cookies', 'queryStringParameters', 'body', 'stageVariables'])
    expect(bare).not.toHaveProperty(member);
  expect(bare['requestContext']).not.toHaveProperty('authorizer');
});

test.each([
  ['text/plain', 'hä', false],
  ['application/problem+json; charset=utf-8', '{}', false],
  ['application/x-www-form-urlencoded', 'a=1', true],
  ['application/octet-stream', 'x', true],
])('a body of %s comes as it should', async (type, body, isBase64Encoded) => {
  await addRoute('POST /', ECHO);
  const event = await eventOf('/', { method: 'POST', headers: { 'content-type': type }, body });
  expect(event['isBase64Encoded']).toBe(isBase64Encoded);
  expect(isBase64Encoded ? Buffer.from(String(event['body']), 'base64').toString() : event['body']).toBe(body);
});

test('a structured answer is taken apart', async () => {
  const result = {
    statusCode: 418,
    headers: { 'X-A': 1 },
    cookies: ['a=1', 'b=2'],
    body: 'aGk=',
    isBase64Encoded: true,
  };
  await addRoute('GET /', answering(result));
  const { status, headers, text } = await request('/');
  expect({ status, a: headers.get('x-a'), cookies: headers.getSetCookie(), text }).toEqual({
    status: 418,
    a: '1',
    cookies: ['a=1', 'b=2'],
    text: 'hi',
  });
});

test.each([
  ['an object', { a: 1 }, 200, '{"a":1}', 'application/json'],
  ['text', 'hello', 200, 'hello', 'application/json'],
  ['only a status', { statusCode: 204 }, 204, '', 'text/plain; charset=utf-8'],
  ['a status that is none', { statusCode: 'x' }, 500, '{"message":"Internal Server Error"}', 'application/json'],
])('a function that answers %s', async (_, result, status, text, type) => {
  await addRoute('GET /', answering(result));
  const answer = await request('/');
  expect([answer.status, answer.text, answer.headers.get('content-type')]).toEqual([status, text, type]);
});

test('a header that cannot be sent does no harm', async () => {
  await addRoute('GET /', answering({ statusCode: 200, headers: { bad: 'a\nb' } }));
  expect(await request('/')).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  expect((await request('/other')).status).toBe(404);
});

test('a function that fails, one that is slow and one that is gone are not explained to the caller', async () => {
  await addRoute('GET /fails', 'export const handler = async () => { throw new Error("secret"); };');
  await addRoute(
    'GET /slow',
    'export const handler = () => new Promise((resolve) => setTimeout(resolve, 400));',
    'NONE',
    {
      TimeoutInMillis: 50,
    },
  );
  await addRoute('GET /gone', ECHO);
  await aws.call('lambda:DeleteFunction', { FunctionName: `function-${functions}` });
  expect(await request('/fails')).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
  expect(await request('/slow')).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
  expect(await request('/gone')).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
});

test('the most specific route takes the request', async () => {
  const keys = ['$default', 'ANY /{all+}', 'GET /a/{b+}', 'GET /a/{b}', 'ANY /a/b', 'GET /a/b', 'ANY /a/c'];
  for (const key of keys) await addRoute(key, ECHO);
  const taken = async (path: string, method = 'GET') => (await eventOf(path, { method }))['routeKey'];
  expect(await taken('/a/b')).toBe('GET /a/b');
  expect(await taken('/a/x')).toBe('GET /a/{b}');
  expect(await taken('/a/c')).toBe('ANY /a/c');
  expect(await taken('/a/x/y')).toBe('GET /a/{b+}');
  expect(await taken('/a/x', 'POST')).toBe('ANY /{all+}');
  await aws.call('apigateway:DeleteStage', { ApiId: apiId, StageName: '$default' });
  expect(await request('/a/b')).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
});

test('a named stage stands at the head of the path, and its variables reach the function', async () => {
  await addRoute('GET /x', ECHO);
  await aws.call('apigateway:CreateStage', { ApiId: apiId, StageName: 'blue', StageVariables: { colour: 'b' } });
  expect(await eventOf('/blue/x')).toMatchObject({
    rawPath: '/blue/x',
    stageVariables: { colour: 'b' },
    requestContext: { stage: 'blue' },
  });
});

test('an unknown path and an unknown API are not found', async () => {
  expect(await request('/nothing')).toMatchObject({ status: 404, text: '{"message":"Not Found"}' });
  const response = await fetch(`${aws.world.endpoint()}/_aws/execute-api/nobody/x`);
  expect(response.status).toBe(404);
});

async function signed(principal: Principal, path: string, body: string, at = aws.clock.now()): Promise<RequestInit> {
  const { accessKeyId, secretAccessKey, session } = principal;
  const signer = new SignatureV4({
    service: 'execute-api',
    region: 'us-east-1',
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...(session === undefined ? {} : { sessionToken: session.token }) },
  });
  const { host, hostname, pathname } = new URL(url + path);
  const plain = { method: 'POST', protocol: 'http:', hostname, path: pathname, query: {}, headers: { host }, body };
  const { headers } = await signer.sign(plain, { signingDate: new Date(at) });
  return { method: 'POST', headers, body };
}

const asHost = (durationSeconds: number): Principal =>
  aws.world.credentials.issue({
    roleArn: 'arn:aws:iam::123456789012:role/baton/hosts',
    sessionName: 'i-0abc',
    durationSeconds,
  });

test('an IAM route tells the function who signed', async () => {
  await addRoute('POST /callbacks/{callbackId}/claim', ECHO, 'AWS_IAM');
  const host = asHost(900);
  const event = await eventOf('/callbacks/abc/claim', await signed(host, '/callbacks/abc/claim', '{}'));
  expect(event).toMatchObject({
    pathParameters: { callbackId: 'abc' },
    requestContext: {
      authorizer: {
        iam: {
          accessKey: host.accessKeyId,
          accountId: '123456789012',
          callerId: host.userId,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: 'arn:aws:sts::123456789012:assumed-role/hosts/i-0abc',
          userId: host.userId,
        },
      },
    },
  });
});

test('an IAM route refuses whom it does not know, and the function does not run', async () => {
  await addRoute('POST /claim', ECHO, 'AWS_IAM');
  const host = asHost(900);
  const good = await signed(host, '/claim', '{}');
  expect(await request('/claim', { method: 'POST' })).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  expect(await request('/claim', { ...good, body: '{"x":1}' })).toMatchObject({ status: 403 });
  await aws.clock.advance(900_000);
  const late = await request('/claim', await signed(host, '/claim', '{}'));
  expect(late).toMatchObject({
    status: 403,
    text: '{"message":"The security token included in the request is expired"}',
  });
  expect(late.headers.get('x-amzn-errortype')).toBe('ExpiredTokenException');
  expect(aws.logs.lines(`/aws/lambda/function-${functions}`)).toEqual([]);
});

test("the date of an answer is the platform's", async () => {
  await addRoute('GET /', ECHO);
  await aws.clock.advance(30 * 24 * 3600_000);
  expect((await request('/')).headers.get('date')).toBe(new Date(aws.clock.now()).toUTCString());
});

test.each([
  ['POST', 'a route key without a path'],
  ['FETCH /x', 'a method that is none'],
  ['GET /{a+}/b', 'a greedy variable in the middle'],
])('%s is refused: %s', async (RouteKey) => {
  const create = aws.call('apigateway:CreateRoute', { ApiId: apiId, RouteKey });
  await expect(create).rejects.toMatchObject({ code: 'BadRequestException' });
});

test('a route key twice, another authorizer and another protocol are refused', async () => {
  const route = { ApiId: apiId, RouteKey: 'GET /' };
  await aws.call('apigateway:CreateRoute', route);
  await expect(aws.call('apigateway:CreateRoute', route)).rejects.toMatchObject({ code: 'ConflictException' });
  const jwt = { ApiId: apiId, RouteKey: 'GET /x', AuthorizationType: 'JWT' };
  await expect(aws.call('apigateway:CreateRoute', jwt)).rejects.toMatchObject({ code: 'BadRequestException' });
  const socket = aws.call('apigateway:CreateApi', { Name: 'x', ProtocolType: 'WEBSOCKET' });
  await expect(socket).rejects.toMatchObject({ code: 'BadRequestException' });
});
