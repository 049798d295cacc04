import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scrub, writeRecord } from './record.ts';

test.each([
  ['an account', 'arn:aws:states:eu-central-1:987654321098:x', 'arn:aws:states:eu-central-1:111122223333:x'],
  ['a token', `token ${'AQCEAAAAKgAAAAMA'.repeat(20)}=`, 'token [TaskToken]'],
  [
    'a link',
    'see https://abc123.execute-api.eu-central-1.amazonaws.com/approvals/xyz?a=b.',
    'see https://example.com/[Url]',
  ],
  ['an address', 'told ann.smith+x@corp.example.org', 'told somebody@example.com'],
  [
    'a host',
    'i-0abc12345678def90 in subnet-12345678 at 10.1.2.3',
    'i-0123456789abcdef0 in subnet-0123456789abcdef0 at 192.0.2.1',
  ],
  ['a key', 'AKIAIOSFODNN7EXAMPLE', 'AKIA[Id]'],
  ['a bucket', 's3://baton-smoke-20261122', 's3://baton-smoke-[Name]'],
  ['nothing', 'Baton.HostLost after 12.5 seconds', 'Baton.HostLost after 12.5 seconds'],
])('%s is taken out', (_, text, scrubbed) => {
  expect(scrub(text)).toBe(scrubbed);
});

test('a record has results, histories, events, and each denial once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'record-'));
  const denied =
    'AccessDenied: User: arn:aws:sts::987654321098:assumed-role/x is not authorized to perform: sqs:SendMessage';
  const failed = { step: 'fan-out succeeds', outcome: 'failed', seconds: 2, why: denied } as const;
  writeRecord(folder, {
    results: [failed, failed],
    histories: { 'fan-out': [] },
    events: [{ account: '987654321098' }],
  });
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  expect(read('events')).toEqual([{ account: '111122223333' }]);
  expect(read('denials')).toEqual([denied.replace('987654321098', '111122223333')]);
  expect(read('histories/fan-out')).toEqual([]);
  expect(read('results')).toHaveLength(2);
  rmSync(folder, { recursive: true });
});
