import type { Span } from './source-value.ts';

/** How a text is written in YAML. */
export type TextStyle = 'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE' | 'BLOCK_LITERAL' | 'BLOCK_FOLDED' | (string & {});

/**
 * Returns where in the source each character of a resolved YAML text stands. Indentation and folded line ends are whitespace that the text does not
 * have, or has in another form; everything else comes in the same order.
 */
export function alignText(text: string, source: string, span: Span, style: TextStyle): readonly number[] {
  const escapes = style === 'QUOTE_DOUBLE';
  let at = startOf(source, span, style);
  const origins: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    const blank = character.trim() === '';
    if (!blank) while (at < span.end && isSkipped(source, at, escapes)) at += source[at] === '\\' ? 2 : 1;
    origins.push(Math.min(at, span.end));
    const width = escapes && source[at] === '\\' ? escapeWidth(source, at) : 1;
    if (width > 1) {
      at += width;
      // One escape of a character outside of the basic plane stands for two units.
      if (source[origins[index] ?? 0] === '\\' && width === 10 && isHighSurrogate(character)) {
        origins.push(origins[index] ?? 0);
        index += 1;
      }
    } else if (!blank) at += style === 'QUOTE_SINGLE' && source.startsWith("''", at) ? 2 : 1;
    else if (at < span.end && source[at]?.trim() === '') at += 1;
  }
  return origins;
}

function startOf(source: string, { start, end }: Span, style: TextStyle): number {
  if (style.startsWith('QUOTE')) return start + 1;
  if (!style.startsWith('BLOCK')) return start;
  const line = source.indexOf('\n', start);
  return line === -1 ? end : Math.min(line + 1, end);
}

/** Whitespace that is not in the text, and the escaped end of a line. */
const isSkipped = (source: string, at: number, escapes: boolean): boolean =>
  source[at]?.trim() === '' ||
  (escapes &&
    source[at] === '\\' &&
    (source[at + 1] ?? '').trim() === '' &&
    source[at + 1] !== ' ' &&
    source[at + 1] !== '\t');

const isHighSurrogate = (character: string): boolean => /[\uD800-\uDBFF]/.test(character);

function escapeWidth(source: string, at: number): number {
  const width = { x: 4, u: 6, U: 10 }[source[at + 1] ?? ''];
  return width ?? 2;
}
