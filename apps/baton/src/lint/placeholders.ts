/**
 * Terraform's template sequences in a text that is otherwise JSON.
 *
 * Without quotes around them, or with quotes inside, the text is not JSON. `maskPlaceholders` makes it JSON without moving
 * anything: every offset in the masked text is the same offset in the original. No variable is ever looked up.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A `${placeholder}` or a `%{ directive }`, and what it stands for. */
export interface Sequence extends Range {
  /** `text` is inside quotes, `key` is the name of a member without quotes, `members` is any number of members of an object. */
  readonly kind: 'text' | 'value' | 'key' | 'members' | 'directive';
}

/** The maximum of TimeoutSeconds: a number in place of an unknown one is never out of range, nor below another. */
const MOST_DIGITS = 8;

export function maskPlaceholders(text: string, sequences: readonly Sequence[]): string {
  let masked = '';
  let done = 0;
  for (const sequence of sequences) {
    const adjacent = sequence.start === done && done > 0;
    masked += text.slice(done, sequence.start) + neutral(sequence, adjacent);
    done = sequence.end;
  }
  return masked + text.slice(done);
}

function neutral({ start, end, kind }: Sequence, adjacent: boolean): string {
  const length = end - start;
  if (kind === 'text') return 'x'.repeat(length);
  if (kind === 'key') return `"${'x'.repeat(length - 2)}"`;
  // Two numbers side by side are not JSON: the first stands for both.
  return kind === 'value' && !adjacent ? '9'.repeat(Math.min(length, MOST_DIGITS)).padEnd(length) : ' '.repeat(length);
}

/** @returns them in the order of the text; none is inside another */
export function findSequences(text: string): readonly Sequence[] {
  const found: Sequence[] = [];
  const open: string[] = [];
  let quoted = false;
  let last = '';
  let index = 0;
  while (index < text.length) {
    const end = sequenceEnd(text, index, quoted);
    if (end !== undefined) {
      const named = open.at(-1) === '{' && (last === '{' || last === ',');
      found.push({ start: index, end, kind: kindOf(text, { start: index, end }, quoted, named) });
      index = end;
      continue;
    }
    const character = text[index] ?? '';
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '{' || character === '[')) open.push(character);
    else if (!quoted && (character === '}' || character === ']')) open.pop();
    if (character.trim() !== '') last = character;
    index += lengthOfPlain(text, index, quoted);
  }
  return found;
}

function kindOf(text: string, { start, end }: Range, quoted: boolean, named: boolean): Sequence['kind'] {
  if (quoted) return 'text';
  if (text[start] === '%') return 'directive';
  if (!named) return 'value';
  return /^\s*:/.test(text.slice(end, end + LONGEST)) ? 'key' : 'members';
}

/** `$${` and `%%{` are Terraform's escapes. */
function lengthOfPlain(text: string, index: number, quoted: boolean): number {
  if (text.startsWith('$${', index) || text.startsWith('%%{', index)) return 3;
  return quoted && text[index] === '\\' ? 2 : 1;
}

/** Far longer than any expression in a template: keeps a file of unclosed ones linear. */
const LONGEST = 2_000;
const DIRECTIVE = /%\{~?\s*(?:if|else|endif|for|endfor)\b/y;

function sequenceEnd(text: string, start: number, quoted: boolean): number | undefined {
  DIRECTIVE.lastIndex = start;
  if (!text.startsWith('${', start) && !DIRECTIVE.test(text)) return undefined;
  let depth = 0;
  let inner = false;
  const last = Math.min(text.length, start + LONGEST);
  for (let index = start + 1; index < last; index += 1) {
    const character = text[index];
    // Without its closing brace it is not a placeholder, and must not swallow the rest of the file.
    if (quoted && character === '\n') return undefined;
    if (character === '\\') index += 1;
    else if (character === '"') inner = !inner;
    else if (inner) continue;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return index + 1;
  }
  return undefined;
}
