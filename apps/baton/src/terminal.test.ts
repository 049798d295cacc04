import { expect, test } from 'vitest';
import { cut, withoutTokens } from './terminal.ts';

test('a live line is cut by what can be seen, and its colours end', () => {
  expect(cut('\x1b[2m1234\x1b[22m  ██ 50 %', 7)).toBe('\x1b[2m1234\x1b[22m  █');
  expect(cut('\x1b[31mred and long\x1b[39m', 3)).toBe('\x1b[31mred\x1b[39m');
  expect(cut('short', 80)).toBe('short');
});

test('a message repeats no task token, and every path', () => {
  const token = `AQCEAAAAKgAAAAM${'x+/='.repeat(160)}`;
  expect(withoutTokens(`too many arguments: ${token}.`)).toBe('too many arguments: (655 characters).');
  expect(withoutTokens(`invalid: ${encodeURIComponent(token)}`)).toMatch(/^invalid: \(\d+ characters\)$/);
  const path = `/${'long-folder/'.repeat(40)}a.json`;
  expect(withoutTokens(path)).toBe(path);
});
