import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutants } from './mutants.ts';

describe('the faults that measure the harness', () => {
  it.each(mutants)('$fault: has its place', ({ file, from }) => {
    const source = readFileSync(new URL(`../../libs/token-lib/src/${file}`, import.meta.url), 'utf8');
    expect(source.split(from)).toHaveLength(2);
  });
});
