/** How the SDK's clients call, with the options that Baton gives them, and what they make of AWS's refusals: over real HTTP. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleRow, sampleToken } from '../testing/samples.ts';
import { repeatableCalls, singleCalls } from './client-options.ts';
import { keyMac } from './kms.ts';
import { functionInvoker } from './lambda.ts';
import { noticeSender } from './sns.ts';
import { queueSender } from './sqs.ts';
import { commandObserver, commandSender } from './ssm.ts';
import { taskClient } from './step-functions.ts';

type Answer = 'reset' | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

const limits = { connectionTimeout: 5_000, requestTimeout: 5_000 };
const single = singleCalls(limits);
const repeatable = repeatableCalls(limits);
const asked: { readonly request: IncomingMessage; readonly body: string; readonly port: number | undefined }[] = [];
const answers: Answer[] = [];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    asked.push({ request, body, port: request.socket.remotePort });
    const answer = answers.shift() ?? { status: 200 };
    if (answer === 'reset') return request.socket.resetAndDestroy();
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '{}');
  });
});

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  asked.length = 0;
  answers.length = 0;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json = (status: number, code: string): Answer => ({ status, body: JSON.stringify({ __type: code }) });
const message = {
  queueUrl: 'https://sqs.eu-central-1.amazonaws.com/1/jobs',
  body: '{}',
  attributes: { callbackId: 'x' },
};
const command = { callbackId: sampleRow().callbackId, instanceId: 'i-0123456789abcdef0', timeoutSeconds: 60 };

describe('a call of which a second one does harm', () => {
  it.each([['reset' as const], [json(500, 'InternalServerError')], [json(400, 'ThrottlingException')]])(
    'is made once, after %j too',
    async (answer) => {
      answers.push(answer, answer);
      expect((await taskClient(single).heartbeat(sampleToken())).answer).toBe('transient');
      expect((await commandSender({ single, repeatable }, 'document').send(command)).answer).not.toBe('sent');
      expect(asked.map(({ request }) => request.headers['x-amz-target'])).toEqual([
        'AWSStepFunctions.SendTaskHeartbeat',
        'AmazonSSM.SendCommand',
      ]);
    },
  );

  it('has a connection of its own, which nobody can have closed in the meantime', async () => {
    const tasks = taskClient(single);
    for (let call = 0; call < 3; call++) await tasks.heartbeat(sampleToken());
    expect(new Set(asked.map(({ port }) => port)).size).toBe(3);
    expect(asked[0]?.request.headers.connection).toBe('close');
  });
});

it('a call that may be repeated is, on a new connection, when the kept one was closed', async () => {
  const observer = commandObserver(repeatable);
  await observer.cancel('command-1');
  answers.push('reset');
  await observer.cancel('command-2');
  expect(asked).toHaveLength(3);
  const [first, second, third] = asked.map(({ port }) => port);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

describe('what is handed over', () => {
  const queues = () => queueSender(single).send(message);
  const functions = () => functionInvoker(single).invoke('resize', '{}');
  const notices = () =>
    noticeSender({ single, repeatable }, 'arn:aws:sns:eu-central-1:1:notices', () => 0).send({
      subject: 's',
      text: 't',
      attributes: {},
    });
  const xml = (status: number, code: string): Answer => ({
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  });
  const rest = (status: number, code: string): Answer => ({ status, headers: { 'x-amzn-errortype': code } });

  it.each([
    [queues, json(400, 'com.amazonaws.sqs#QueueDoesNotExist'), 'TargetNotFound'],
    [queues, json(403, 'AccessDeniedException'), 'NotAuthorized'],
    [queues, json(400, 'InvalidMessageContents'), 'InvalidRequest'],
    [notices, xml(404, 'NotFound'), 'TargetNotFound'],
    [notices, xml(403, 'AuthorizationError'), 'NotAuthorized'],
    [notices, xml(400, 'InvalidParameter'), 'InvalidRequest'],
    [functions, rest(404, 'ResourceNotFoundException'), 'TargetNotFound'],
    [functions, rest(403, 'AccessDeniedException'), 'NotAuthorized'],
    [functions, rest(413, 'RequestEntityTooLargeException'), 'InvalidRequest'],
  ])('is refused (%#)', async (handOver, answer, code) => {
    answers.push(answer);
    expect(await handOver()).toMatchObject({ answer: 'refused', code });
  });

  it.each([
    [queues, json(403, 'OverLimit')],
    [queues, 'reset' as const],
    [notices, xml(400, 'Throttling')],
    [notices, xml(503, 'ServiceUnavailable')],
    [functions, rest(429, 'TooManyRequestsException')],
    [functions, rest(500, 'ServiceException')],
  ])('may be taken later (%#)', async (handOver, answer) => {
    answers.push(answer);
    expect(await handOver()).toMatchObject({ answer: 'again' });
    expect(asked).toHaveLength(1);
  });
});

it('SQS is reached where the environment says, whatever host the URL of the queue names', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', process.env['AWS_ENDPOINT_URL']);
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1');
  const MD5OfMessageBody = createHash('md5').update(message.body).digest('hex');
  answers.push({ status: 200, body: JSON.stringify({ MessageId: 'm', MD5OfMessageBody }) });
  expect(await queueSender(single).send(message)).toEqual({ answer: 'started', receipt: 'm' });
  expect(JSON.parse(asked[0]!.body)).toMatchObject({ QueueUrl: message.queueUrl });
});

it('a MAC that does not verify is an answer; a key that cannot be used is none', async () => {
  const mac = keyMac(repeatable);
  const verify = () => mac.verify('alias/links', 'message', new Uint8Array(32));
  answers.push(json(400, 'KMSInvalidMacException'), json(400, 'DisabledException'));
  expect(await verify()).toBe(false);
  await expect(verify()).rejects.toMatchObject({ name: 'DisabledException' });
});
