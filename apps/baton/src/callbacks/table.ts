export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Colours what is padded already, so that colours do not count as width. */
  readonly paint?: (text: string, row: Row) => string;
}

/** Aligned columns under their titles. Nothing is cut: a line that is too long is the terminal's to wrap. */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paintTitle: (text: string) => string,
): string {
  const cells = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((texts) => texts[index]?.length ?? 0)),
  );
  const pad = (text: string, index: number): string =>
    index === columns.length - 1 ? text : text.padEnd(widths[index] ?? 0);
  const head = columns.map(({ title }, index) => paintTitle(pad(title, index)));
  const body = rows.map((row, at) =>
    columns.map(({ paint }, index) => {
      const text = pad(cells[at]?.[index] ?? '', index);
      return paint === undefined ? text : paint(text, row);
    }),
  );
  return [head, ...body].map((line) => line.join('  ').trimEnd()).join('\n');
}
