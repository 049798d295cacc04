import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { sampleToken, tokenText } from '../testing/samples.ts';
import { hashOfWorkSecret, isSecretOf, revealWorkSecret, WorkSecret, workSecretOf } from './work-secret.ts';

const secret = workSecretOf(sampleToken());
const text = revealWorkSecret(secret);

it('is the same for the same token, another for another, and holds neither token nor callbackId', () => {
  expect(text).toMatch(/^[\w-]{43}$/);
  expect(revealWorkSecret(workSecretOf(sampleToken()))).toBe(text);
  expect(revealWorkSecret(workSecretOf(sampleToken('second')))).not.toBe(text);
  expect(tokenText('first')).not.toContain(text);
});

it.each<[string, (of: WorkSecret) => string]>([
  ['text', (of) => `${String(of)} ${[of].join()}`],
  ['JSON', (of) => JSON.stringify({ of })],
  ['console.log', (of) => inspect({ of }, { showHidden: true })],
])('does not print as %s', (_, print) => {
  expect(print(secret)).toContain('[WorkSecret]');
  expect(print(secret)).not.toContain(text.slice(0, 8));
});

it.each([undefined, null, '', 7, 'short', `${text}x`, `${text.slice(1)}=`, [text], '[WorkSecret]'])(
  'is not %j',
  (value) => {
    expect(WorkSecret.of(value)).toBeUndefined();
  },
);

it('is known by its hash, which is not the secret', () => {
  const hash = hashOfWorkSecret(secret);
  expect(isSecretOf(hash, WorkSecret.of(text)!)).toBe(true);
  expect(isSecretOf(hash, workSecretOf(sampleToken('second')))).toBe(false);
  expect(isSecretOf(hash, WorkSecret.of(hash)!)).toBe(false);
});
