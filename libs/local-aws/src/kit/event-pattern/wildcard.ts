import { invalidPattern } from './invalid-pattern.ts';

/**
 * `*` stands for any characters, none included; `\*` and `\\` for themselves. Linear: each piece is looked for once, leftmost.
 * @throws {AwsError} InvalidEventPatternException
 */
export function compileWildcard(pattern: string): (value: string) => boolean {
  const pieces = split(pattern);
  const first = pieces[0] as string;
  const last = pieces.at(-1) as string;
  if (pieces.length === 1) return (value) => value === first;
  const between = pieces.slice(1, -1);
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false;
    let position = first.length;
    for (const piece of between) {
      const found = value.indexOf(piece, position);
      if (found < 0) return false;
      position = found + piece.length;
    }
    return position <= value.length - last.length;
  };
}

/** The literal pieces between the stars. */
function split(pattern: string): string[] {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    let character = pattern[index] as string;
    if (character === '*') {
      if (pattern[index + 1] === '*') throw invalidPattern(`Consecutive wildcard characters at pos ${index}`);
      pieces.push('');
      continue;
    }
    if (character === '\\') {
      index += 1;
      character = pattern[index] ?? '';
      if (character !== '*' && character !== '\\') throw invalidPattern(`Invalid escape character at pos ${index - 1}`);
    }
    pieces[pieces.length - 1] += character;
  }
  return pieces;
}
