import { expect, test } from 'vitest';
import { HeartbeatAnswer } from './reports.ts';
import { batonClient, classifyReply, clockOffset, NoCredentialsError } from './client.ts';
import type { HttpRequest } from './fetch-send.ts';

test.each([
  [200, '{"answer":"continue","timeLeftSeconds":5}', 'answered'],
  [409, '{"error":"Conflict","answer":"continue","timeLeftSeconds":5}', 'answered'],
  [500, '{"answer":"continue","timeLeftSeconds":5}', 'temporary'],
  [200, '<html>', 'temporary'],
  [200, '{"answer":"perhaps"}', 'temporary'],
  [302, '', 'refused'],
  [400, '{"error":"Malformed","message":"no"}', 'refused'],
  [401, '{"message":"Unauthorized"}', 'forbidden'],
  [403, '{"message":"Forbidden"}', 'forbidden'],
  [403, '{"message":"The security token included in the request is expired"}', 'forbidden'],
  [403, '{"error":"NotYours","message":"another host"}', 'refused'],
  [404, '{"message":"Not Found"}', 'refused'],
  [408, '', 'temporary'],
  [429, '{"message":"Too Many Requests"}', 'temporary'],
  [500, '{"error":"Internal","message":"x"}', 'temporary'],
  [503, '', 'temporary'],
])('status %i with %s is %s', (status, body, kind) => {
  expect(classifyReply(status, body, HeartbeatAnswer).kind).toBe(kind);
});

test.each([
  [0, undefined, 0],
  [0, 'nonsense', 0],
  [0, 'Thu, 01 Jan 1970 00:00:40 GMT', 0],
  [0, 'Thu, 01 Jan 1970 01:00:00 GMT', 3_600_000],
  [3_600_000, 'Thu, 01 Jan 1970 00:59:50 GMT', 3_600_000],
  [3_600_000, 'Thu, 01 Jan 1970 00:00:00 GMT', 0],
])('a clock offset of %i becomes, by the Date %s, %i', (current, date, expected) => {
  expect(clockOffset(current, date, 0)).toBe(expected);
});

const ID = '0123456789abcdefghjkmnpqrs';
const options = { timeout: 1_000 };
const CONTINUE = '{"answer":"continue","timeLeftSeconds":5}';

function client(over: { credentials?: () => Promise<never>; date?: string; status?: number; body?: string } = {}) {
  const sent: HttpRequest[] = [];
  let forgotten = 0;
  const baton = batonClient({
    endpoint: 'https://api.test/prod/',
    now: () => Date.parse('2026-03-01T12:00:00Z'),
    identity: {
      region: async () => 'eu-central-1',
      credentials: over.credentials ?? (async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' })),
      forget: () => void (forgotten += 1),
    },
    async send(request) {
      sent.push(request);
      return { status: over.status ?? 200, date: over.date, body: over.body ?? CONTINUE };
    },
  });
  return { sent, forgotten: () => forgotten, beat: () => baton.post(ID, 'heartbeat', {}, HeartbeatAnswer, options) };
}

test('posts to the callback under the endpoint, whatever its path', async () => {
  const { sent, beat } = client();
  expect(await beat()).toEqual({ kind: 'answered', answer: { answer: 'continue', timeLeftSeconds: 5 } });
  expect(sent[0]?.url).toBe(`https://api.test/prod/callbacks/${ID}/heartbeat`);
});

test('signs by the clock of the answer before, where its own is wrong', async () => {
  const { sent, beat } = client({ date: 'Sun, 01 Mar 2026 13:00:00 GMT' });
  await beat();
  await beat();
  expect(sent.map(({ headers }) => headers['x-amz-date'])).toEqual(['20260301T120000Z', '20260301T130000Z']);
});

test('forgets credentials that are refused, and says where there are none', async () => {
  const refused = client({ status: 403, body: '{"message":"Forbidden"}' });
  expect(await refused.beat()).toMatchObject({ kind: 'forbidden' });
  expect(refused.forgotten()).toBe(1);
  const none = client({ credentials: () => Promise.reject(new NoCredentialsError('no role')) });
  expect(await none.beat()).toEqual({ kind: 'forbidden', message: 'no role' });
  const failing = client({ credentials: () => Promise.reject(new Error('no answer')) });
  expect(await failing.beat()).toEqual({ kind: 'temporary', message: 'no answer' });
});
