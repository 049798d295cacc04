/** Writes a definition that a file has as a value of its own syntax as JSON, whose every character knows its place in the file. */
import { callIn, textOfValue } from './intrinsics.ts';
import { type MappedText, TextBuilder } from './mapped-text.ts';
import { isPlaceholder, placeholderFor, quotingOf } from './placeholder.ts';
import type { SourceText, SourceValue } from './source-value.ts';

export interface DefinitionOptions {
  /** Whether `Ref`, `Fn::Sub` and their like are functions here, and not names. */
  readonly intrinsics: boolean;
}

/** @throws {TooLongText} */
export function definitionText(value: SourceValue, options: DefinitionOptions): MappedText {
  const writer = new DefinitionWriter(options);
  writer.write(value, '');
  return writer.build(value.end);
}

class DefinitionWriter extends TextBuilder {
  readonly #options: DefinitionOptions;

  constructor(options: DefinitionOptions) {
    super();
    this.#options = options;
  }

  write(value: SourceValue, name: string): void {
    if (this.#options.intrinsics && callIn(value)) this.#call(value, name);
    else if (value.kind === 'map') this.#map(value);
    else if (value.kind === 'list') this.#list(value, name);
    else if (value.kind === 'text') this.#text(value, name);
    else if (value.kind === 'literal') this.#literal(value.json, value.start, value.end);
    else this.#placeholder(placeholderFor(value.source, value.start), name, value, isAttributeOfText(value.source));
  }

  #map({ entries, start, end }: Extract<SourceValue, { kind: 'map' }>): void {
    this.make('{', start);
    for (const [index, { name, key, value }] of entries.entries()) {
      if (index > 0) this.make(',', entries[index - 1]?.value.end ?? start);
      // The closing quote stands for the end of the key, as does what follows it.
      const quoted = JSON.stringify(name);
      this.copy(quoted.slice(0, 1), key.start);
      this.make(quoted.slice(1, -1), key.start);
      this.make('":', key.end);
      this.write(value, name);
      this.make(' ', value.end);
    }
    this.make('}', Math.max(start, end - 1));
  }

  #list({ items, start, end }: Extract<SourceValue, { kind: 'list' }>, name: string): void {
    this.make('[', start);
    for (const [index, item] of items.entries()) {
      if (index > 0) this.make(',', items[index - 1]?.end ?? start);
      this.write(item, name);
      this.make(' ', item.end);
    }
    this.make(']', Math.max(start, end - 1));
  }

  #call(value: SourceValue, name: string): void {
    const text = textOfValue(value);
    const start = value.start;
    if (!text) this.make(placeholderFor(`${callIn(value)?.name.replace('::', '_')}_${start}`, start), start);
    else if (isPlaceholder(text.text)) this.#placeholder(text.text, name, value, true);
    else this.#quoted(text.text, text.toFile, value);
  }

  #text(value: SourceText, name: string): void {
    const isBare = value.plain && isPlaceholder(value.text);
    if (isBare) this.#placeholder(value.text, name, value, false);
    else {
      const origins = value.origins();
      this.#quoted(value.text, (offset) => origins[offset] ?? value.end, value);
    }
  }

  #placeholder(text: string, name: string, { start, end }: SourceValue, isText: boolean): void {
    if (quotingOf(name, isText) === 'quoted') this.make(`"${text}`, start).make('"', end);
    else this.#literal(text, start, end);
  }

  #literal(text: string, start: number, end: number): void {
    this.copy(text.slice(0, 1), start).make(text.slice(1), end);
  }

  #quoted(text: string, toFile: (offset: number) => number, { start, end }: SourceValue): void {
    this.make('"', start);
    for (const [from, to] of runsOf(text)) {
      const piece = text.slice(from, to);
      const escaped = JSON.stringify(piece).slice(1, -1);
      if (escaped === piece) this.#copyRun(piece, from, toFile);
      else this.make(escaped, toFile(from));
    }
    this.make('"', end);
  }

  #copyRun(piece: string, from: number, toFile: (offset: number) => number): void {
    this.map(
      piece,
      Array.from({ length: piece.length }, (_, index) => toFile(from + index)),
    );
  }
}

/** Cuts a text into stretches that JSON writes as they are, and single characters that it escapes. */
function runsOf(text: string): readonly (readonly [number, number])[] {
  const runs: (readonly [number, number])[] = [];
  let done = 0;
  // Lone surrogates are escaped too; a pair is not.
  for (const { index, 0: found } of text.matchAll(
    /["\\\u0000-\u001F]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
  )) {
    if (index > done) runs.push([done, index]);
    runs.push([index, index + found.length]);
    done = index + found.length;
  }
  if (done < text.length) runs.push([done, text.length]);
  return runs;
}

/** Attributes of Terraform's resources whose values are texts. */
const isAttributeOfText = (source: string): boolean => /\.(?:arn|id|url|name|invoke_arn|qualified_arn)$/.test(source);
