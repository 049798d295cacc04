import { expect, test } from 'vitest';
import { cut } from './terminal.ts';

test('a live line is cut by what can be seen, and its colours end', () => {
  expect(cut('\x1b[2m1234\x1b[22m  ██ 50 %', 7)).toBe('\x1b[2m1234\x1b[22m  █');
  expect(cut('\x1b[31mred and long\x1b[39m', 3)).toBe('\x1b[31mred\x1b[39m');
  expect(cut('short', 80)).toBe('short');
});
