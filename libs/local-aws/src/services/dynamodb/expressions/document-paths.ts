import { type AttributeValue, attributeOf, type Item } from '../attribute-value.ts';
import { ExpressionProblem, type Path, pathText } from './syntax.ts';

/** Returns what stands at a path of an item, undefined where nothing does. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    if (value === undefined) return undefined;
    value = memberOf(value, step);
  }
  return value;
}

export function memberOf(value: AttributeValue, step: string | number): AttributeValue | undefined {
  if (typeof step === 'number') return 'L' in value ? value.L[step] : undefined;
  return 'M' in value ? attributeOf(value.M, step) : undefined;
}

/**
 * Refuses paths that lead to the same place, or one through the other (an overlap), or that take one place for a map and for a
 * list (a conflict).
 * @throws {ExpressionProblem}
 */
export function refuseOverlaps(paths: readonly Path[]): void {
  for (const [index, second] of paths.entries()) {
    for (const first of paths.slice(0, index)) {
      const problem = overlapOf(first, second);
      if (problem === undefined) continue;
      throw new ExpressionProblem(
        `Two document paths ${problem} with each other; must remove or rewrite one of these paths; ` +
          `path one: ${pathText(first)}, path two: ${pathText(second)}`,
      );
    }
  }
}

function overlapOf(one: Path, other: Path): 'overlap' | 'conflict' | undefined {
  for (const [index, step] of one.entries()) {
    const counterpart = other[index];
    if (counterpart === undefined) return 'overlap';
    if (typeof step !== typeof counterpart) return 'conflict';
    if (step !== counterpart) return undefined;
  }
  return 'overlap';
}
