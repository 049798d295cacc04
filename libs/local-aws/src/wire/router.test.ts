import { get } from 'node:http';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalAws, type LocalAws } from '../local-aws.ts';
import { createFunction } from '../testing.ts';

let aws: LocalAws;
let url: string;
beforeAll(async () => {
  aws = createLocalAws();
  url = await aws.listen();
});
afterAll(() => aws.close());

const authorization = (service: string, key = 'test'): string =>
  `AWS4-HMAC-SHA256 Credential=${key}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

async function send(path: string, init: RequestInit): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await fetch(url + path, {
    ...init,
    headers: { authorization: authorization('any'), ...init.headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const json = (target: string, body: string, version = '1.0') =>
  send('/', {
    method: 'POST',
    headers: {
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
      authorization: authorization('states'),
    },
    body,
  });
const form = (members: Record<string, string>, key?: string) =>
  send('/', {
    method: 'POST',
    headers: { authorization: authorization('sts', key) },
    body: new URLSearchParams(members),
  });

test('the JSON protocols answer in the content type they are asked in', async () => {
  const { status, headers, text } = await json('AWSStepFunctions.ListStateMachines', '{}');
  expect([status, headers.get('content-type'), text]).toEqual([
    200,
    'application/x-amz-json-1.0',
    '{"stateMachines":[]}',
  ]);
  expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect((await json('AmazonSSM.ListDocuments', '{}', '1.1')).headers.get('content-type')).toBe(
    'application/x-amz-json-1.1',
  );
});

test('a refusal carries its type in the header and in the body', async () => {
  const { status, headers, text } = await json('AWSStepFunctions.DescribeExecution', '{"executionArn":"arn:x"}');
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, 'InvalidArn']);
  expect(JSON.parse(text)).toMatchObject({ __type: 'InvalidArn' });
});

test('SQS tells the code of its older protocol too', async () => {
  const { headers } = await json('AmazonSQS.GetQueueUrl', '{"QueueName":"none"}');
  expect(headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
});

test.each([
  ['AWSStepFunctions.Fly', '{}', 'UnknownOperationException', 'states has no action Fly here; it has CreateActivity'],
  ['AWSStepFunctions.constructor', '{}', 'UnknownOperationException', 'states has no action constructor here'],
  [
    'Nobody.Fly',
    '{}',
    'UnknownOperationException',
    'Nobody.Fly is of no service here; X-Amz-Target knows AWSStepFunctions',
  ],
  ['constructor.name', '{}', 'UnknownOperationException', 'constructor.name is of no service here'],
  ['AmazonSQS.ListQueues', '{', 'SerializationException', 'The body is not JSON'],
  ['AmazonSQS.ListQueues', '[]', 'SerializationException', 'Start of structure or map found where not expected.'],
])('%s %s is refused and says what there is', async (target, body, type, message) => {
  const { status, text } = await json(target, body);
  const refusal = JSON.parse(text) as { __type: string; message: string };
  expect([status, refusal.__type]).toEqual([400, type]);
  expect(refusal.message).toContain(message);
});

test('the query protocol answers in XML', async () => {
  const { status, headers, text } = await form({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
  expect([status, headers.get('content-type')]).toEqual([200, 'text/xml']);
  expect(text).toContain('<GetCallerIdentityResult><UserId>123456789012</UserId><Account>123456789012</Account>');
  expect(text).toContain('<Arn>arn:aws:iam::123456789012:root</Arn>');
});

test('the query protocol refuses in XML, with everything escaped', async () => {
  const members = {
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: '<&> that is no role ARN',
    RoleSessionName: 'me',
  };
  const { status, text } = await form(members);
  expect(status).toBe(400);
  expect(text).toContain(
    '<Type>Sender</Type><Code>ValidationError</Code><Message>&lt;&amp;&gt; that is no role ARN is invalid',
  );
});

test('temporary credentials are of whom they were issued for', async () => {
  const assumed = await form({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: 'arn:aws:iam::123456789012:role/x',
    RoleSessionName: 'me',
  });
  const key = /<AccessKeyId>(\w+)</.exec(assumed.text)?.[1];
  const { text } = await form({ Action: 'GetCallerIdentity', Version: '2011-06-15' }, key);
  expect(text).toContain('<Arn>arn:aws:sts::123456789012:assumed-role/x/me</Arn>');
});

test('lists and maps of the query protocol arrive as such', async () => {
  const sns = (members: Record<string, string>) => form({ Version: '2010-03-31', ...members });
  const created = await sns({
    Action: 'CreateTopic',
    Name: 'topic',
    'Attributes.entry.1.key': 'DisplayName',
    'Attributes.entry.1.value': 'Hello',
    'Tags.member.1.Key': 'a',
    'Tags.member.1.Value': 'b',
  });
  const TopicArn = /<TopicArn>(.*)<\/TopicArn>/.exec(created.text)?.[1] ?? '';
  const { text } = await sns({ Action: 'GetTopicAttributes', TopicArn });
  expect(text).toContain('<entry><key>DisplayName</key><value>Hello</value></entry>');
  const tags = await sns({ Action: 'ListTagsForResource', ResourceArn: TopicArn });
  expect(tags.text).toContain('<Tags><member><Key>a</Key><Value>b</Value></member></Tags>');
});

test('an empty list of the query protocol is a list', async () => {
  const cloudwatch = (members: Record<string, string>) => form({ Version: '2010-08-01', ...members });
  const alarm = {
    AlarmName: 'silent',
    Namespace: 'n',
    MetricName: 'm',
    Statistic: 'Sum',
    Period: '60',
    EvaluationPeriods: '1',
    Threshold: '1.5',
    ComparisonOperator: 'LessThanThreshold',
  };
  expect((await cloudwatch({ Action: 'PutMetricAlarm', ...alarm, OKActions: '' })).status).toBe(200);
  const { text } = await cloudwatch({ Action: 'DescribeAlarms', 'AlarmNames.member.1': 'silent' });
  expect(text).toContain('<Threshold>1.5</Threshold>');
  expect(text).toContain('<OKActions></OKActions>');
});

test('Lambda and API Gateway speak REST', async () => {
  await createFunction(
    aws,
    'f',
    'export const handler = async (event) => { if (event.fail) throw new Error("x"); return event; };',
  );
  const invoke = (body: string, name = 'f') =>
    send(`/2015-03-31/functions/${name}/invocations`, { method: 'POST', body });
  const answer = await invoke('{"a":1}');
  expect([answer.status, answer.text, answer.headers.get('x-amz-executed-version')]).toEqual([
    200,
    '{"a":1}',
    '$LATEST',
  ]);
  expect((await invoke('{"fail":1}')).headers.get('x-amz-function-error')).toBe('Unhandled');
  const missing = await invoke('{}', 'none');
  expect([missing.status, missing.headers.get('x-amzn-errortype')]).toEqual([404, 'ResourceNotFoundException']);
  const arn = encodeURIComponent('arn:aws:lambda:us-east-1:123456789012:function:f');
  expect((await send(`/2015-03-31/functions/${arn}`, {})).text).toContain('"FunctionName":"f"');
  const api = await send('/v2/apis', {
    method: 'POST',
    body: '{"name":"n","protocolType":"HTTP","tags":{"Mine":"x"}}',
  });
  expect([api.status, JSON.parse(api.text)]).toMatchObject([201, { name: 'n', tags: { Mine: 'x' } }]);
  const apis = JSON.parse((await send('/v2/apis', {})).text) as { items: unknown[] };
  expect(apis.items).toMatchObject([{ name: 'n' }]);
});

test('a request of no service is told which there are', async () => {
  const { status, text } = await send('/hello', {});
  expect(status).toBe(404);
  expect(text).toContain('GET /hello, signed for any, is of no service here; there are states');
});

test('a service that is not here is named in the protocol that it is asked in', async () => {
  const headers = { authorization: authorization('autoscaling') };
  const body = new URLSearchParams({ Action: 'DescribeAutoScalingGroups', Version: '2011-01-01' });
  const { status, headers: answered, text } = await send('/', { method: 'POST', headers, body });
  expect([status, answered.get('content-type')]).toEqual([404, 'text/xml']);
  expect(text).toContain('<Message>POST /, signed for autoscaling, is of no service here; there are states, lambda');
});

test('a call without a signature is refused, as a web page might make it', async () => {
  const create = { method: 'POST', body: '{}' };
  const response = await fetch(`${url}/2015-03-31/functions`, create);
  expect([response.status, await response.json()]).toEqual([
    403,
    { message: 'Request is missing Authentication Token' },
  ]);
});

test('a request for another host is refused, as a web page might make it under its own name', async () => {
  const ask = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host, authorization: authorization('lambda') };
      get(`${url}/2015-03-31/functions`, { headers }, (response) => resolve(response.resume().statusCode)).on(
        'error',
        reject,
      );
    });
  expect(
    await Promise.all(['evil.example', '127.0.0.1.evil.example', 'localhost:4577', 'x.localhost'].map(ask)),
  ).toEqual([403, 403, 200, 200]);
});

test('a port in use is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const second = createLocalAws();
  await expect(second.listen(port)).rejects.toThrow(
    `Port ${port} is in use: choose another one, or end the program that listens on it`,
  );
  await second.close();
  other.close();
});

test('a long poll does not hold the clock', async () => {
  const manual = createLocalAws({ clock: 'manual' });
  const { QueueUrl } = await manual.call('sqs:CreateQueue', { QueueName: 'q' });
  const poll = manual.call('sqs:ReceiveMessage', { QueueUrl, WaitTimeSeconds: 20 });
  await manual.clock.advance(20_000);
  expect(await poll).toEqual({});
  await manual.close();
});
