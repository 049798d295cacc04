import { type AttributeValue, attributeOf, type Item } from '../attribute-value.ts';
import { memberOf } from './document-paths.ts';
import type { Path } from './syntax.ts';

/** The members that are wanted of a place; `null` where all of it is. */
type Selection = Map<string | number, Selection | null>;

/** Returns the parts of an item at the paths, in maps and lists as they stand in it; lists have no gaps. */
export function project(item: Item, paths: readonly Path[]): Item {
  const selection: Selection = new Map();
  for (const path of paths) select(selection, path);
  return selectMembers(item, selection);
}

function select(selection: Selection, [step, ...rest]: Path): void {
  if (step === undefined) return;
  if (rest.length === 0) {
    selection.set(step, null);
    return;
  }
  const existing = selection.get(step);
  const inner = existing ?? new Map<string | number, Selection | null>();
  selection.set(step, inner);
  select(inner, rest);
}

function selectMembers(members: Item, selection: Selection): Item {
  const entries: [string, AttributeValue][] = [];
  for (const [step, inner] of selection) {
    const name = String(step);
    const value = attributeOf(members, name);
    const selected = inner === null ? value : value && selectFrom(value, inner);
    if (selected !== undefined) entries.push([name, selected]);
  }
  return Object.fromEntries(entries);
}

/** Returns undefined where nothing that is wanted is there: then the place itself is left out. */
function selectFrom(value: AttributeValue, selection: Selection): AttributeValue | undefined {
  if ('M' in value) {
    const M = selectMembers(value.M, selection);
    return Object.keys(M).length === 0 ? undefined : { M };
  }
  if (!('L' in value)) return undefined;
  const L = [...selection]
    .filter(([step]) => typeof step === 'number')
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([step, inner]) => {
      const element = memberOf(value, step);
      return inner === null ? element : element && selectFrom(element, inner);
    })
    .filter((element) => element !== undefined);
  return L.length === 0 ? undefined : { L };
}
