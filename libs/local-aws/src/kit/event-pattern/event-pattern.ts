/**
 * Event patterns, of EventBridge's rules and SNS's filters: JSON in, a predicate over events out. leaf-match.ts has the leaves.
 * [documented: EventBridge User Guide, "Event pattern syntax"]
 *
 * 1. A list of the pattern holds when any of its entries matches; keys of one object must all hold.
 * 2. A list of the event counts as each of its elements; an empty one is as if the key were absent.
 * 3. Below a list of objects, one and the same object has to satisfy all keys.
 */
import type { JsonObject } from '../../kernel/service.ts';
import { isJsonObject } from '../json-object.ts';
import { compileLeaf, InvalidPattern, type LeafMatch } from './leaf-match.ts';

export { InvalidPattern } from './leaf-match.ts';

export type EventMatch = (event: unknown) => boolean;

/** @throws {InvalidPattern} */
export function compilePattern(text: string): EventMatch {
  let pattern: unknown;
  try {
    pattern = JSON.parse(text);
  } catch {
    throw new InvalidPattern('Invalid JSON');
  }
  if (!isJsonObject(pattern)) throw new InvalidPattern('Filter is not an object');
  return compileObject(pattern);
}

function compileObject(pattern: JsonObject): EventMatch {
  const keys = Object.entries(pattern);
  if (keys.length === 0) throw new InvalidPattern('Empty objects are not allowed');
  const parts = keys.map(([key, value]) => (key === '$or' ? compileOr(value) : compileKey(key, value)));
  return (event) => parts.every((part) => part(event));
}

function compileOr(value: unknown): EventMatch {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isJsonObject)) {
    throw new InvalidPattern('$or must be an array of at least two objects');
  }
  const alternatives = value.map(compileObject);
  return (event) => alternatives.some((alternative) => alternative(event));
}

function compileKey(key: string, value: unknown): EventMatch {
  if (Array.isArray(value)) return compileList(key, value);
  if (!isJsonObject(value)) throw new InvalidPattern(`"${key}" must be an object or an array`);
  const nested = compileObject(value);
  return (event) => {
    const child = member(event, key);
    return Array.isArray(child) && child.length > 0 ? child.some(nested) : nested(child); // 3
  };
}

function compileList(key: string, entries: readonly unknown[]): EventMatch {
  if (entries.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  const leaves = entries.map(compileLeaf);
  return (event) => {
    const values = leavesOf(member(event, key)); // 2
    return leaves.some((leaf) => matches(leaf, values)); // 1
  };
}

function matches(leaf: LeafMatch, values: readonly unknown[]): boolean {
  return leaf.kind === 'absent' ? values.length === 0 : values.some(leaf.matches);
}

const member = (event: unknown, key: string): unknown =>
  isJsonObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;

/** Patterns see leaves only: the members of an object, not the object. */
function leavesOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf);
  return value === undefined || isJsonObject(value) ? [] : [value];
}
