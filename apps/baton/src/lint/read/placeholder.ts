/** What a reader writes where a value is known only later: `${name}`, as Terraform's templates have it. */
import { type MappedText, TextBuilder } from './mapped-text.ts';

/** Members that hold a number: a placeholder for one has no quotes. */
const COUNTED = /(?:seconds|count|size|limit|number|percentage|attempts|rate|concurrency)(?:Path)?$/i;

/** Members that hold a text: a placeholder for one has quotes. Any other may be an object, which could hold anything. */
const TEXTS =
  /^(?:Resource|Type|Next|Default|StartAt|Comment|QueryLanguage)$|(?:Arn|ARN|Url|URL|Uri|Name|Id|Subject|Queue|Topic|Bucket|Key|Endpoint|Path)$|\.\$$/;

export type Quoting = 'quoted' | 'bare';

/** @returns whether a placeholder in the place of this member's value has quotes around it */
export function quotingOf(name: string, isText: boolean): Quoting {
  if (COUNTED.test(name)) return 'bare';
  return isText || TEXTS.test(name) ? 'quoted' : 'bare';
}

/** A name that no quote or brace in it can end; the offset tells expressions apart that have the same letters. */
export const placeholderFor = (source: string, offset: number): string =>
  /^[\w.:-]{1,200}$/.test(source) ? `\${${source}}` : `\${${source.replaceAll(/\W+/g, '_').slice(0, 60)}_${offset}}`;

/** Whether the text is one placeholder and nothing else. */
export const isPlaceholder = (text: string): boolean => /^\$\{[^{}]+\}$/.test(text);

/** A placeholder with its name; `${!name}` and `$${name}` are not placeholders. */
const PLACEHOLDER = /(?<!\$)\$\{\s*([\w.:-]+)\s*\}/g;

/** Returns the text with the placeholders that have a value filled in; the value stands where the placeholder stood. */
export function fillIn(mapped: MappedText, values: ReadonlyMap<string, string>): MappedText {
  if (values.size === 0 || !mapped.text.includes('${')) return mapped;
  const { text, toFile } = mapped;
  const builder = new TextBuilder();
  const copy = (start: number, end: number): void => {
    const origins = Array.from({ length: end - start }, (_, index) => toFile(start + index));
    builder.map(text.slice(start, end), origins);
  };
  let done = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(PLACEHOLDER)) {
    const value = values.get(name);
    if (value === undefined || (isNumber(value) && isQuoted(text, index, whole.length))) continue;
    copy(done, index);
    builder.make(value, toFile(index));
    done = index + whole.length;
  }
  copy(done, text.length);
  return builder.build(toFile(text.length));
}

const isNumber = (value: string): boolean => /^\d+$/.test(value);

/** A number in quotes would stay a text. */
const isQuoted = (text: string, start: number, length: number): boolean =>
  text[start - 1] === '"' && text[start + length] === '"';
