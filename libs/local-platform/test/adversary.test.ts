import { createConnection } from 'node:net';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hostClient } from './host-client.ts';
import { startJobPlatform, type JobPlatform } from '../src/testing/index.ts';

/** Who holds a host's credentials, or none, and wants more than its own callback gives. */
let platform: JobPlatform;
let execution: string;
let path: string;
let runId: string;
beforeAll(async () => {
  platform = await startJobPlatform();
  platform.script('job.sh', '#!/bin/sh\nwhile [ ! -e go ]; do sleep 0.05; done\necho "{\\"done\\": true}"\n');
  execution = await platform.start(['./job.sh']);
  const claim = await platform.asked('claim', ({ answer }) => answer['answer'] === 'granted');
  path = `/callbacks/${claim.callbackId}`;
  runId = String(claim.request['runId']);
});
afterAll(() => platform.close());

/** Sends a request exactly as given, without a client library. @returns the status */
function send(method: string, target: string, headers: readonly string[], body = ''): Promise<number> {
  const { hostname, port, pathname } = new URL(platform.deployment.endpoint);
  const socket = createConnection(Number(port), hostname);
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  const lines = [`${method} ${pathname}${target} HTTP/1.1`, `Host: ${hostname}:${port}`, 'Connection: close'];
  socket.end([...lines, ...headers, length, '', body].join('\r\n'));
  return new Promise((resolve, reject) => {
    let answer = '';
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part));
    socket.on('error', reject).on('close', () => resolve(Number(answer.split(' ')[1])));
  });
}

describe('nobody without a signature is let in', () => {
  const identity = '{"accountId":"123456789012","userArn":"arn:aws:sts::123456789012:assumed-role/baton-host/X"}';
  test.each([
    ['nothing', []],
    ['an empty signature', ['Authorization: AWS4-HMAC-SHA256 ']],
    ['the identity as a header', [`authorizer: ${identity}`, `X-Amzn-Request-Context: ${identity}`]],
    ['another scheme', ['Authorization: Bearer test']],
    [
      'a signature of nothing',
      [
        'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=, Signature=',
        'X-Amz-Date: 20260101T000000Z',
      ],
    ],
  ])('with %s', async (_what, headers) => {
    for (const verb of ['claim', 'heartbeat', 'success', 'failure', 'Claim', 'SUCCESS']) {
      const body = JSON.stringify({ runId, output: 'stolen' });
      expect(await send('POST', `${path}/${verb}`, headers, body)).toBeOneOf([403, 404]);
    }
    expect(await send('GET', path, headers)).toBe(403);
  });
});

describe('a host', () => {
  test.each([
    ['upper case', (id: string) => id.toUpperCase()],
    ['a line end', (id: string) => `${id}%0a`],
    ['a NUL', (id: string) => `${id}%00`],
    ['a way up', () => '..%2f..%2fcallbacks'],
    ['a key of the table', (id: string) => `callback%23${id}`],
    ['an expression', () => '%7B%22S%22%3A%22x%22%7D'],
    ['digits of another script', (id: string) => encodeURIComponent(`٣${id.slice(1)}`)],
    ['a broken escape', (id: string) => `${id.slice(1)}%`],
    ['too much', (id: string) => id.repeat(100)],
  ])('that names its callback with %s is refused, and nothing fails', async (_what, change) => {
    const ask = hostClient(platform);
    const name = change(path.slice('/callbacks/'.length));
    const { status } = await ask('POST', `/callbacks/${name}/failure`, { runId, error: 'Stolen' });
    expect(status).toBeOneOf([400, 403, 404]);
  });

  test('that takes another name, or another role its name, learns no more than that there is nothing for it', async () => {
    for (const who of [
      { session: `${platform.instanceId}0` },
      { session: 'i-0BA70000000000001' },
      { role: 'Baton-Host' },
    ]) {
      const { status, body } = await hostClient(platform, who)('GET', path);
      expect(status).toBe(403);
      expect(JSON.stringify(body)).not.toContain(platform.instanceId);
    }
  });

  test.each([
    ['is nested', { deep: JSON.parse('['.repeat(900) + ']'.repeat(900)) as unknown }],
    ['is large', { text: 'x'.repeat(100_000) }],
    ['has names that are none', { '': 1, ['__proto__']: { polluted: true }, 'a\u0000b': '\ud800' }],
    ['has numbers beyond all', { big: 1e308, small: 5e-324, minus: -0 }],
  ])('whose progress %s goes on: its job must not die of it', async (_what, progress) => {
    const answer = await hostClient(platform)('POST', `${path}/heartbeat`, { runId, progress });
    expect(answer).toMatchObject({ status: 200, body: { answer: 'continue' } });
    expect((await hostClient(platform)('GET', path)).status).toBe(200);
  });

  test('that sends more than the handler takes is refused by size, and its callback stays open', async () => {
    const ask = hostClient(platform);
    expect(await ask('POST', `${path}/success`, { runId, output: 'x'.repeat(300_000) })).toMatchObject({
      status: 413,
      body: { error: 'OutputTooLarge' },
    });
    expect((await ask('POST', `${path}/success`, { runId, output: 'x'.repeat(11_000_000) })).status).toBe(413);
    expect((await ask('GET', path)).body).toMatchObject({ state: 'Dispatched' });
  });

  test('whose output is of strange letters has it told as it is', async () => {
    const odd = { text: 'a\u2028\u0000\u{1F468}\u200d\u{1F469}"\\</script>', lone: '\ud800', ['__proto__']: 1 };
    const sent = JSON.stringify(odd);
    const answer = await hostClient(platform)('POST', `${path}/success`, `{"runId":"${runId}","output":${sent}}`);
    expect(answer.body).toEqual({ answer: 'applied' });
    writeFileSync(join(platform.hostFolder, 'go'), '');
    expect(await platform.ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: JSON.parse(sent) as unknown });
  });
});

test('nothing in a command, a folder or a variable is read by a shell that was not asked for', async () => {
  platform.script('show.sh', '#!/bin/sh\nprintf \'{"first": "%s", "count": %d}\\n\' "$1" $#\n');
  const attack = "$(touch pwned)`touch pwned`;touch pwned|touch pwned' * ~";
  const ended = await platform.ended(await platform.start(['./show.sh', attack, '--callback-id', '../../x']));
  expect(ended).toMatchObject({ status: 'SUCCEEDED', output: { first: attack, count: 3 } });
  for (const command of [['./show.sh', 'a\u0000b'], ['../../../bin/none\n'], ['']]) {
    expect((await platform.ended(await platform.start(command))).status).toBe('FAILED');
  }
  for (const instance of ['i-0;touch pwned', '../i-0ba70000000000001', '$(id)', `${platform.instanceId}\n`]) {
    const refused = await platform.ended(await platform.start(['./show.sh'], { instanceId: instance }));
    expect(refused).toMatchObject({ status: 'FAILED', error: 'Baton.InvalidRequest' });
  }
  expect(readdirSync(platform.hostFolder)).not.toContain('pwned');
});
