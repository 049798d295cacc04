import { readmePicture, startExample, type Example } from '@baton/local-platform/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = import.meta.dirname;

test('the README shows the state machine as it is', () => {
  const { stands, drawn } = readmePicture(folder);
  expect(stands).toBe(drawn);
});

let example: Example;
beforeAll(async () => {
  example = await startExample(folder, { clock: 'manual', variables: { timeout_seconds: 600 } });
});
afterAll(() => example.close());

const parcel = 'A-1001';
const success = { status: 'success', output: { tracking: 'by hand' } };

const post = async (url: string, body: unknown): Promise<number> => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
};

/** What the partner was given with its last job. */
async function lastCallbackUrl(): Promise<string> {
  const jobs = (await (await fetch(String(example.variables['partner_url']))).json()) as { callbackUrl: string }[];
  return jobs.at(-1)!.callbackUrl;
}

/** Starts an execution whose partner keeps the job. @returns the URL that the partner holds */
async function waiting(name: string) {
  const execution = await example.start(name, { parcel, to: 'Lisbon', wish: 'wait' });
  await example.aws.activity.idle();
  return { execution, url: await lastCallbackUrl() };
}

test('the partner calls back, and what it says is the result', async () => {
  const execution = await example.start('success', { parcel, to: 'Lisbon' });
  expect(await execution.ended()).toMatchObject({
    status: 'SUCCEEDED',
    output: { parcel, to: 'Lisbon', tracking: 'TRACK-A-1001' },
  });
  const history = await execution.history();
  expect(history).toEqual(example.expected('success', history));
});

test('the partner calls back with a failure, which fails the state by its name', async () => {
  const execution = await example.start('failure', { parcel, to: 'Atlantis', wish: 'fail' });
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'NoSuchAddress' });
  const history = await execution.history();
  expect(history).toEqual(example.expected('failure', history));
});

test('a partner that does not take the job fails the state at once', async () => {
  const execution = await example.start('refused', { parcel, to: 'Lisbon', wish: 'refuse' });
  const ended = await execution.ended();
  expect(ended).toMatchObject({ status: 'FAILED', error: 'Baton.WebhookNotDelivered' });
  expect(ended.cause).toContain('HTTP 422');
  const history = await execution.history();
  expect(history).toEqual(example.expected('refused', history));
});

test('a URL that was changed is refused, used once it works, and a replay is refused', async () => {
  const { execution, url } = await waiting('by-hand');
  const changed = `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`;
  expect(await post(changed, success)).toBe(403);
  expect(await post(url, success)).toBe(200);
  expect(await post(url, success)).toBe(409);
  expect(await post(url, { status: 'failure', error: 'Changed my mind' })).toBe(409);
  expect(await execution.ended()).toMatchObject({ status: 'SUCCEEDED', output: success.output });
});

test('a partner that never calls back: the timeout ends the task by a name, and the URL has expired', async () => {
  const { execution, url } = await waiting('timeout');
  await example.advance(605_000);
  expect(await execution.ended()).toMatchObject({ status: 'FAILED', error: 'PartnerSilent' });
  expect(await post(url, success)).toBe(410);
  const history = await execution.history();
  expect(history).toEqual(example.expected('timeout', history));
});
