/** A place in a file as editors count: both from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Locate = (offset: number) => Position;

/** @returns a function from an offset in the text to its line and column */
export function locateIn(text: string): Locate {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/** @returns for each character that a JSON string literal stands for, where in the file it is written; and the closing quote */
export function originsOf(literal: string, start: number): readonly number[] {
  const origins: number[] = [];
  let index = 1;
  while (index < literal.length - 1) {
    origins.push(start + index);
    if (literal[index] !== '\\') index += 1;
    else index += literal[index + 1] === 'u' ? 6 : 2;
  }
  origins.push(start + index);
  return origins;
}
