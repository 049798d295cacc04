import type { Origin } from '../document.ts';
import { type Locate, locateIn } from '../position.ts';
import type { MachineTerms } from './machine.ts';
import type { MappedText } from './mapped-text.ts';
import type { Syntax } from './source-value.ts';

/** A file that lint reads definitions from. */
export interface SourceFile {
  /** As shown to the user: relative to the user's folder. */
  readonly file: string;
  readonly text: string;
  readonly syntax: Syntax;
  readonly locate: Locate;
}

export const sourceFile = (file: string, text: string, syntax: Syntax): SourceFile => ({
  ...{ file, text, syntax, locate: locateIn(text) },
});

/** @returns where a definition stands in the file; the syntax is that of the definition, which a text of the file may hold */
export const originOf = (
  terms: Omit<MachineTerms, 'machine'>,
  { text, toFile }: MappedText,
  source: SourceFile,
  syntax: Syntax = source.syntax,
): Origin => ({
  ...terms,
  text,
  written: { text: source.text, syntax, toFile, generatedBy: generatorOf(source.file) },
  locate: (offset) => source.locate(toFile(offset)),
});

const generatorOf = (file: string): string | undefined =>
  /(?:^|\/)cdk\.out\//.test(file) ? 'the CDK: change the code that it is made from' : undefined;
