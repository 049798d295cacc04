import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTaskTokens } from './task-tokens.ts';

const gone = { code: 'TaskTimedOut', message: "Task Timed Out: 'Provided task does not exist anymore'" };
const garbage = { code: 'InvalidToken', message: "Invalid Token: 'Invalid token'" };

const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';

describe('task tokens', () => {
  it('look like those of AWS', () => {
    const tokens = createTaskTokens();
    const minted = Array.from({ length: 200 }, () => tokens.mint(machine));
    for (const token of minted) {
      expect(token).toMatch(/^AQC[A-Za-z0-9+/=]+$/);
      expect(token.length).toBeGreaterThanOrEqual(640);
      expect(token.length).toBeLessThanOrEqual(712);
    }
    expect(new Set(minted).size).toBe(200);
    expect(minted.some((token) => /=[A-Za-z0-9]/.test(token))).toBe(true);
  });

  it('find their attempt while it lives, and say that it is gone afterwards', () => {
    const tokens = createTaskTokens<string>();
    const token = tokens.mint(machine);
    const key = tokens.open(token, 'attempt');
    expect(tokens.find(token)).toBe('attempt');
    tokens.close(key);
    expect(() => tokens.find(token)).toThrow(expect.objectContaining(gone));
  });

  it('tell whose they are, alive and dead, and to nobody else', () => {
    const tokens = createTaskTokens<string>();
    const minted = [machine, `${machine}-2`, machine].map((owner) => [tokens.mint(owner), owner] as const);
    for (const [token, owner] of minted) {
      tokens.close(tokens.open(token, 'attempt'));
      expect(tokens.ownerOf(token)).toBe(owner);
      expect(() => createTaskTokens().ownerOf(token)).toThrow(expect.objectContaining(garbage));
    }
  });

  it('are known as their own only with their own key', () => {
    const [ours, theirs] = [createTaskTokens(), createTaskTokens()];
    expect(() => ours.find(theirs.mint(machine))).toThrow(expect.objectContaining(garbage));
  });

  it('are garbage when a single character is changed, added or missing', () => {
    const tokens = createTaskTokens<string>();
    const token = tokens.mint(machine);
    tokens.open(token, 'attempt');
    const position = fc.nat({ max: token.length - 1 });
    fc.assert(
      fc.property(
        position,
        fc.constantFrom(...'AZaz09+/='),
        fc.constantFrom('change', 'add', 'drop'),
        (at, character, how) => {
          const forged =
            token.slice(0, at) + (how === 'drop' ? '' : character) + token.slice(how === 'add' ? at : at + 1);
          fc.pre(forged !== token);
          expect(() => tokens.find(forged)).toThrow(expect.objectContaining(garbage));
        },
      ),
    );
  });

  it('are garbage whatever the text', () => {
    const tokens = createTaskTokens();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => tokens.find(text)).toThrow(expect.objectContaining(garbage));
      }),
    );
  });
});
