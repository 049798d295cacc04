import { type AttributeValue, attributeOf, checkLevels, type Item, putMember } from '../attribute-value.ts';
import { addNumbers, InvalidNumber, subtractNumbers } from '../decimal.ts';
import { invalid } from '../refusals.ts';
import { memberOf, valueAt } from './document-paths.ts';
import type { Bound, Call, Change, Operand } from './syntax.ts';

/** What becomes of a place in an item: members of it change, or it gets a value, or it goes (`null`). */
type Edit = Map<string | number, Edit> | AttributeValue | null;

/**
 * Returns the item as changed. Values are read from the item before any change (recorded), so their order does not matter.
 * `key` is what an item consists of that is not there yet.
 * @returns undefined where nothing is to be written: removals from an item that is not there (recorded, by Alternator's suite)
 * @throws {AwsError} ValidationException where a change does not fit the item
 */
export function applyUpdate(changes: readonly Change<Bound>[], before: Item | undefined, key: Item): Item | undefined {
  const isRemoval = ({ section }: Change<Bound>): boolean => section === 'REMOVE' || section === 'DELETE';
  const wanted = before === undefined ? changes.filter((change) => !isRemoval(change)) : changes;
  if (wanted.length === 0 && changes.length > 0) return before;
  const item = before ?? key;
  const edits: Edit = new Map();
  for (const change of wanted) {
    const value = newValue(change, item);
    if (value !== undefined) putEdit(edits, change.path, value);
  }
  return editMembers(item, edits);
}

/** Returns undefined where a change leaves everything as it is. */
function newValue(change: Change<Bound>, item: Item): AttributeValue | null | undefined {
  switch (change.section) {
    case 'SET': {
      const value = valueOf(change.operand, item);
      checkLevels(value, change.path.length);
      return value;
    }
    case 'REMOVE':
      return null;
    case 'ADD':
      return sumOf(valueAt(item, change.path), change.value);
    case 'DELETE':
      return difference(valueAt(item, change.path), change.value);
  }
}

function valueOf(operand: Operand<Bound>, item: Item): AttributeValue {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'call') return resultOf(operand, item);
  const value = valueAt(item, operand.path);
  if (value !== undefined) return value;
  throw invalid('The provided expression refers to an attribute that does not exist in the item');
}

function resultOf({ name, arguments: [first, second] }: Call<Bound>, item: Item): AttributeValue {
  if (first === undefined || second === undefined) throw new TypeError(`${name} has two operands`);
  if (name === 'if_not_exists') {
    const existing = first.kind === 'path' ? valueAt(item, first.path) : undefined;
    return existing ?? valueOf(second, item);
  }
  const [left, right] = [valueOf(first, item), valueOf(second, item)];
  if (name === 'list_append') {
    if ('L' in left && 'L' in right) return { L: [...left.L, ...right.L] };
  } else if ('N' in left && 'N' in right) {
    const [one, other] = [left.N, right.N];
    return { N: calculated(() => (name === '+' ? addNumbers(one, other) : subtractNumbers(one, other))) };
  }
  throw incorrectType();
}

/** ADD: a number to a number, or elements to a set. */
function sumOf(existing: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (existing === undefined) return value;
  if ('N' in existing && 'N' in value) return { N: calculated(() => addNumbers(existing.N, value.N)) };
  if ('SS' in existing && 'SS' in value) return { SS: union(existing.SS, value.SS) };
  if ('NS' in existing && 'NS' in value) return { NS: union(existing.NS, value.NS) };
  if ('BS' in existing && 'BS' in value) return { BS: union(existing.BS, value.BS) };
  throw incorrectType();
}

const union = (set: readonly string[], added: readonly string[]): string[] => [...new Set([...set, ...added])];

/** DELETE: elements from a set, which goes with its last one. */
function difference(existing: AttributeValue | undefined, value: AttributeValue): AttributeValue | null | undefined {
  if (existing === undefined) return undefined;
  const without = (set: readonly string[], removed: readonly string[]): string[] =>
    set.filter((element) => !removed.includes(element));
  const orNothing = (set: AttributeValue, left: readonly string[]): AttributeValue | null =>
    left.length === 0 ? null : set;
  if ('SS' in existing && 'SS' in value) {
    const SS = without(existing.SS, value.SS);
    return orNothing({ SS }, SS);
  }
  if ('NS' in existing && 'NS' in value) {
    const NS = without(existing.NS, value.NS);
    return orNothing({ NS }, NS);
  }
  if ('BS' in existing && 'BS' in value) {
    const BS = without(existing.BS, value.BS);
    return orNothing({ BS }, BS);
  }
  throw incorrectType();
}

function calculated(calculate: () => string): string {
  try {
    return calculate();
  } catch (error) {
    throw error instanceof InvalidNumber ? invalid(error.message) : error;
  }
}

const incorrectType = (): Error => invalid('An operand in the update expression has an incorrect data type');

/** Paths do not overlap, so that each has a place of its own in the tree of edits. */
function putEdit(edits: Map<string | number, Edit>, path: readonly (string | number)[], edit: Edit): void {
  const [step, ...rest] = path;
  if (step === undefined) return;
  if (rest.length === 0) {
    edits.set(step, edit);
    return;
  }
  const next = edits.get(step);
  const inner = next instanceof Map ? next : new Map<string | number, Edit>();
  edits.set(step, inner);
  putEdit(inner, rest, edit);
}

function edited(value: AttributeValue | undefined, edits: Map<string | number, Edit>): AttributeValue {
  const isList = [...edits.keys()].every((step) => typeof step === 'number');
  if (value !== undefined && 'L' in value && isList) return { L: editElements(value.L, edits) };
  if (value !== undefined && 'M' in value && !isList) return { M: editMembers(value.M, edits) };
  throw invalid('The document path provided in the update expression is invalid for update');
}

function editMembers(members: Item, edits: Map<string | number, Edit>): Item {
  const changed: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(members)) if (edits.get(name) !== null) putMember(changed, name, value);
  for (const [step, edit] of edits) {
    const name = String(step);
    if (edit !== null) putMember(changed, name, edit instanceof Map ? edited(attributeOf(members, name), edit) : edit);
  }
  return changed;
}

/** Indexes are those of the list before; elements beyond its end are appended in their order (documented: "SET"). */
function editElements(list: readonly AttributeValue[], edits: Map<string | number, Edit>): AttributeValue[] {
  const changed: (AttributeValue | null)[] = [...list];
  const inOrder = [...edits].sort(([one], [other]) => Number(one) - Number(other));
  for (const [step, edit] of inOrder) {
    const value = edit instanceof Map ? edited(memberOf({ L: list }, step), edit) : edit;
    if (Number(step) < list.length) changed[Number(step)] = value;
    else if (value !== null) changed.push(value);
  }
  return changed.filter((value) => value !== null);
}
