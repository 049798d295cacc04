import { expect, it } from 'vitest';
import { signRequest } from './sign-request.ts';

const request = {
  method: 'POST' as const,
  url: new URL('https://api.example.com/callbacks/0123/heartbeat'),
  headers: { 'content-type': 'application/json' },
  body: '{}',
};
const at = new Date('2026-03-01T12:00:00Z');
const person = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };

it('signs host, date, body and headers for execute-api', async () => {
  const headers = await signRequest(request, { region: 'eu-central-1', credentials: person }, at);
  expect(headers).toMatchObject({
    host: 'api.example.com',
    'content-type': 'application/json',
    'x-amz-date': '20260301T120000Z',
    // SHA-256 of "{}".
    'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  });
  expect(headers['authorization']).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260301/eu-central-1/execute-api/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, ' +
      'Signature=9eb83bbb453c2e280af0204dd30a75a6201b4400858b13d84268cc7f9b167ee9',
  );
});

it('looks credentials up for each request, and passes their session on', async () => {
  const sessions = ['first', 'second'];
  const credentials = async () => ({ ...person, sessionToken: sessions.shift() ?? '' });
  const sign = () => signRequest(request, { region: 'eu-central-1', credentials }, at);
  expect((await sign())['x-amz-security-token']).toBe('first');
  expect((await sign())['x-amz-security-token']).toBe('second');
});

it('names the port of an endpoint that has one', async () => {
  const url = new URL('http://127.0.0.1:4566/callbacks/0123/claim');
  const headers = await signRequest({ ...request, url }, { region: 'us-east-1', credentials: person }, at);
  expect(headers['host']).toBe('127.0.0.1:4566');
});
