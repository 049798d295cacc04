import type { Node } from '../json-tree.ts';

/** What a mend changes in a definition, in terms of its JSON: how the file writes it is the writer's business. */
export type Change =
  | { readonly kind: 'insert'; readonly into: Node; readonly name: string; readonly value: Json }
  | { readonly kind: 'replace'; readonly node: Node; readonly value: Json }
  | { readonly kind: 'rename'; readonly key: Node; readonly name: string }
  | { readonly kind: 'remove'; readonly from: Node; readonly name: string }
  | { readonly kind: 'swap'; readonly one: Node; readonly other: Node };

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

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
  return taken
    .sort((one, other) => other.start - one.start)
    .reduce((changed, { start, end, text: by }) => changed.slice(0, start) + by + changed.slice(end), text);
}
