/** Lines of context around a change, as in the diffs that people know. */
const CONTEXT = 3;

type Line = readonly [mark: ' ' | '-' | '+', text: string];

/** @returns a unified diff of two texts; empty where they are equal */
export function unifiedDiff(file: string, before: string, after: string): readonly string[] {
  const lines = compare(before.split('\n'), after.split('\n'));
  const changed = lines.flatMap(([mark], index) => (mark === ' ' ? [] : [index]));
  if (changed.length === 0) return [];
  const hunks: (readonly [number, number])[] = [];
  for (const index of changed) {
    const [start, end] = hunks.at(-1) ?? [-1, -1];
    if (start >= 0 && index - CONTEXT <= end + CONTEXT) hunks[hunks.length - 1] = [start, index];
    else hunks.push([index, index]);
  }
  const parts = hunks.flatMap(([start, end]) =>
    hunk(lines, Math.max(0, start - CONTEXT), Math.min(lines.length, end + CONTEXT + 1)),
  );
  return [`--- ${file}`, `+++ ${file}`, ...parts];
}

function hunk(lines: readonly Line[], start: number, end: number): readonly string[] {
  const count = (part: readonly Line[], other: string): number => part.filter(([mark]) => mark !== other).length;
  const own = lines.slice(start, end);
  const range = (other: string): string => `${count(lines.slice(0, start), other) + 1},${count(own, other)}`;
  return [`@@ -${range('+')} +${range('-')} @@`, ...own.map(([mark, text]) => mark + text)];
}

/** Longest common subsequence of what lies between the equal beginnings and ends. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (text: string): Line => [' ', text];
  return [
    ...before.slice(0, head).map(same),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

function middle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: Line[] = [];
  let [row, column] = [0, 0];
  while (row < before.length || column < after.length) {
    const [old = '', fresh = ''] = [before[row], after[column]];
    if (row < before.length && column < after.length && old === fresh) {
      lines.push([' ', old]);
      row += 1;
      column += 1;
    } else if (row < before.length && (column >= after.length || at(row + 1, column) >= at(row, column + 1))) {
      lines.push(['-', old]);
      row += 1;
    } else {
      lines.push(['+', fresh]);
      column += 1;
    }
  }
  return lines;
}
