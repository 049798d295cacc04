/** A value as a file of any syntax has it: JSON, YAML or HCL, each part with its place in the file. */
export type SourceValue = Span & { readonly tag?: string | undefined } & (
    | { readonly kind: 'map'; readonly entries: readonly SourceEntry[] }
    | { readonly kind: 'list'; readonly items: readonly SourceValue[] }
    | TextValue
    /** A number, a boolean or null, as JSON writes it. */
    | { readonly kind: 'literal'; readonly json: string }
    /** An expression that only another tool evaluates; two with the same source are equal. */
    | { readonly kind: 'unknown'; readonly source: string }
  );

/** Offsets in the file; the end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface TextValue {
  readonly kind: 'text';
  readonly text: string;
  /** @returns for each character of the text, its offset in the file */
  readonly origins: () => readonly number[];
  /** Whether it is written without quotes. */
  readonly plain: boolean;
}

export type SourceText = Extract<SourceValue, { kind: 'text' }>;

export interface SourceEntry {
  readonly name: string;
  readonly key: Span;
  readonly value: SourceValue;
}

/** What a file is written in: decides how a change of it is written. */
export type Syntax = 'json' | 'yaml' | 'hcl';

/** @returns the value at the end of the path; of two entries with the same name the last */
export const entry = (value: SourceValue | undefined, ...path: readonly string[]): SourceValue | undefined =>
  path.reduce<SourceValue | undefined>(
    (at, name) => (at?.kind === 'map' ? at.entries.findLast((each) => each.name === name)?.value : undefined),
    value,
  );

export const entriesOf = (value: SourceValue | undefined): readonly SourceEntry[] =>
  value?.kind === 'map' ? value.entries : [];

export const itemsIn = (value: SourceValue | undefined): readonly SourceValue[] =>
  value?.kind === 'list' ? value.items : [];

/** @returns the text that the value certainly is: none where a tag or an expression makes it */
export const textIn = (value: SourceValue | undefined): string | undefined =>
  value?.kind === 'text' && value.tag === undefined ? value.text : undefined;

export const isTrue = (value: SourceValue | undefined): boolean => value?.kind === 'literal' && value.json === 'true';
