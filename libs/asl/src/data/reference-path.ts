import type { Json } from '../protocol.ts';
import { parseJsonPath } from './json-path.ts';

/** The steps of a path that names a single place to write to, such as `$.result.items[0]`. Empty for the whole document. */
export type ReferencePath = readonly (string | number)[];

/** @throws {SyntaxError} when the text is not a path to a single place in the input */
export function parseReferencePath(text: string): ReferencePath {
  const path = parseJsonPath(text);
  if (path.root.kind !== 'input' || !path.steps || path.apply) throw new SyntaxError(`not a reference path: ${text}`);
  return path.steps;
}

/** The new document, or the step of the path that could not be followed. */
export type Insertion = { readonly value: Json } | { readonly conflict: string | number };

/**
 * Returns a copy of `document` with `value` at the path; the rest of the document is shared. Creates missing members. A step
 * conflicts when it leads through a value that is neither an object nor an array that is long enough.
 */
export function insertAt(document: Json, path: ReferencePath, value: Json): Insertion {
  const [step, ...rest] = path;
  if (step === undefined) return { value };
  if (typeof step === 'number') {
    if (!Array.isArray(document) || step < 0 || step >= document.length) return { conflict: step };
    const inner = insertAt(document[step] as Json, rest, value);
    return 'value' in inner ? { value: document.with(step, inner.value) } : inner;
  }
  if (document === null || typeof document !== 'object' || Array.isArray(document)) return { conflict: step };
  const inner = insertAt(Object.hasOwn(document, step) ? (document[step] as Json) : {}, rest, value);
  return 'value' in inner ? { value: { ...document, [step]: inner.value } } : inner;
}
