import type { Json } from '../protocol.ts';
import { parseJsonPath } from './json-path.ts';

/** A path that names one place to write to, such as `$.result.items[0]`. Empty: the whole document. */
export type ReferencePath = readonly (string | number)[];

/** @throws {SyntaxError} when the text does not name exactly one place in the input */
export function parseReferencePath(text: string): ReferencePath {
  const path = parseJsonPath(text);
  if (path.root.kind !== 'input' || !path.steps || path.apply) throw new SyntaxError(`not a reference path: ${text}`);
  return path.steps;
}

/** The new document, or the step that it could not be made by. */
export type Insertion = { readonly value: Json } | { readonly conflict: string | number };

/**
 * A copy of `document` with `value` at the path; what lies beside the path is shared. Missing members are made. A path conflicts
 * with a document where it leads through something that is neither an object nor a long enough array.
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
