import type { Node } from '../json-tree.ts';

/** What a mend changes in a definition, in terms of its JSON: how the file writes it is the writer's business. */
export type Change =
  | { readonly kind: 'insert'; readonly into: Node; readonly name: string; readonly value: Json }
  | { readonly kind: 'replace'; readonly node: Node; readonly value: Json }
  | { readonly kind: 'rename'; readonly key: Node; readonly name: string }
  | { readonly kind: 'remove'; readonly from: Node; readonly name: string }
  | { readonly kind: 'swap'; readonly one: Node; readonly other: Node };

export type Json = string | number | boolean | null | Copied | readonly Json[] | { readonly [name: string]: Json };

/** A value or members as the file has them already: with their comments, functions and references. */
export class Copied {
  /** Members are put into braces or a block of their own. */
  readonly kind: 'value' | 'block' | 'members';
  /** Lines without the indentation of the first one. */
  readonly parts: readonly string[];

  constructor(kind: Copied['kind'], parts: readonly string[]) {
    this.kind = kind;
    this.parts = parts;
  }
}

/** Characters of a file that others replace; offsets in UTF-16 units, the end is exclusive. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies the edits that do not meet an earlier one of the list. */
export function applyEdits(text: string, groups: readonly (readonly TextEdit[])[]): string {
  const taken: TextEdit[] = [];
  for (const group of groups) {
    const meets = group.some((edit) => taken.some((other) => edit.start <= other.end && other.start <= edit.end));
    if (!meets) taken.push(...group);
  }
  // Of two insertions at one place, the first one stands first.
  return taken
    .map((edit, place) => ({ ...edit, place }))
    .sort((one, other) => other.start - one.start || other.place - one.place)
    .reduce((changed, { start, end, text: by }) => changed.slice(0, start) + by + changed.slice(end), text);
}
