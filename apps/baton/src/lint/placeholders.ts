/**
 * Terraform's template sequences in a text that is otherwise JSON.
 *
 * Where they stand without quotes, or hold quotes themselves, the text is no JSON. `maskPlaceholders` makes it JSON without moving
 * anything: every offset in the masked text is the same offset in the original. No variable is ever looked up.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

interface Placeholder extends Range {
  readonly quoted: boolean;
  readonly directive: boolean;
}

/** The longest that TimeoutSeconds may be: a number that stands for an unknown one is never out of range, nor below another. */
const MOST_DIGITS = 8;

export const findPlaceholders = (text: string): readonly Range[] => scan(text).filter(({ directive }) => !directive);

export function maskPlaceholders(text: string): string {
  let masked = '';
  let done = 0;
  for (const placeholder of scan(text)) {
    const adjacent = placeholder.start === done && done > 0;
    masked += text.slice(done, placeholder.start) + neutral(placeholder, adjacent);
    done = placeholder.end;
  }
  return masked + text.slice(done);
}

function neutral({ start, end, quoted, directive }: Placeholder, adjacent: boolean): string {
  const length = end - start;
  if (quoted) return 'x'.repeat(length);
  // Two numbers side by side would be no JSON: the first stands for both.
  return directive || adjacent ? ' '.repeat(length) : '9'.repeat(Math.min(length, MOST_DIGITS)).padEnd(length);
}

function scan(text: string): Placeholder[] {
  const found: Placeholder[] = [];
  let quoted = false;
  let index = 0;
  while (index < text.length) {
    const end = placeholderEnd(text, index, quoted);
    if (end !== undefined) {
      found.push({ start: index, end, quoted, directive: text[index] === '%' });
      index = end;
      continue;
    }
    if (text[index] === '"') quoted = !quoted;
    index += lengthOfPlain(text, index, quoted);
  }
  return found;
}

/** `$${` and `%%{` are Terraform's way to write the marks themselves. */
function lengthOfPlain(text: string, index: number, quoted: boolean): number {
  if (text.startsWith('$${', index) || text.startsWith('%%{', index)) return 3;
  return quoted && text[index] === '\\' ? 2 : 1;
}

/** Far longer than any template's expression: a file of unclosed ones is still read in linear time. */
const LONGEST = 2_000;
const DIRECTIVE = /%\{~?\s*(?:if|else|endif|for|endfor)\b/y;

function placeholderEnd(text: string, start: number, quoted: boolean): number | undefined {
  DIRECTIVE.lastIndex = start;
  if (!text.startsWith('${', start) && !DIRECTIVE.test(text)) return undefined;
  let depth = 0;
  let inner = false;
  const last = Math.min(text.length, start + LONGEST);
  for (let index = start + 1; index < last; index += 1) {
    const character = text[index];
    // A text without its closing brace is no placeholder; in quotes it must not swallow the rest of the file.
    if (quoted && character === '\n') return undefined;
    if (character === '\\') index += 1;
    else if (character === '"') inner = !inner;
    else if (inner) continue;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return index + 1;
  }
  return undefined;
}
