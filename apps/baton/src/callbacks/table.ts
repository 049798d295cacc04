export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Colours a text that is padded already, so that colours do not count as width. */
  readonly paint?: (text: string, row: Row) => string;
}

export interface TableStyle {
  readonly title: (text: string) => string;
  /** Width of a line, in characters. */
  readonly width: number;
}

const GAP = '  ';

/**
 * Returns aligned columns under their titles. Where those are wider than a line, the cells of a row follow one another instead, each after
 * its title. Nothing is cut: the terminal wraps a cell that is longer than a line.
 */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: TableStyle): string {
  const cells = rows.map((row) => columns.map((column) => column.text(row)));
  const widths = columns.map(({ title }, index) =>
    Math.max(title.length, ...cells.map((texts) => texts[index]?.length ?? 0)),
  );
  const total = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1));
  if (total > style.width) return rows.map((row) => flow(columns, row, style)).join('\n');
  const pad = (text: string, index: number): string =>
    index === columns.length - 1 ? text : text.padEnd(widths[index] ?? 0);
  const head = columns.map(({ title }, index) => style.title(pad(title, index)));
  const body = rows.map((row, at) =>
    columns.map(({ paint }, index) => {
      const text = pad(cells[at]?.[index] ?? '', index);
      return paint === undefined ? text : paint(text, row);
    }),
  );
  return [head, ...body].map((line) => line.join(GAP).trimEnd()).join('\n');
}

/** A row as `TITLE cell  TITLE cell`, on as many lines as it needs, indented after the first; empty cells are left out. */
function flow<Row>(columns: readonly Column<Row>[], row: Row, { title: paintTitle, width }: TableStyle): string {
  let line = '';
  let used = 0;
  for (const { title, text, paint } of columns) {
    const cell = text(row);
    if (cell === '' || cell === '-') continue;
    const label = title === '' ? '' : `${title} `;
    const length = label.length + cell.length;
    const gap = used === 0 ? '' : used + GAP.length + length <= width ? GAP : `\n${GAP}`;
    used = (gap === GAP ? used : 0) + Math.min(gap.length, GAP.length) + length;
    line += gap + paintTitle(label) + (paint === undefined ? cell : paint(cell, row));
  }
  return line;
}
