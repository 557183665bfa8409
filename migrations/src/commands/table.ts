/** Columns as wide as their widest cell; numbers to the right. */
export function renderTable(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cell.length)),
    [],
  );
  const align = (cell: string, at: number): string => {
    const width = widths[at] ?? 0;
    return /^[\d.,]+( [a-zA-Z%]+)?$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
  };
  return rows.map((row) => row.map(align).join('  ').trimEnd()).join('\n');
}
