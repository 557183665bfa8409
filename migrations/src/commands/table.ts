import { terminalWidth } from '../terminal/index.js';

/**
 * Columns as wide as their widest cell; numbers to the right. A name for which a terminal has no room in the first
 * column has a line of its own.
 */
export function renderTable(rows: string[][]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cell.length)),
    [],
  );
  const room = widths.slice(1).reduce((left, width) => left - 2 - width, terminalWidth);
  widths[0] = Math.max(...rows.map(([name = '']) => name.length).filter((width) => width <= room), 0);
  const align = (cell: string, at: number): string => {
    const width = widths[at] ?? 0;
    return /^[\d.,]+( [a-zA-Z%]+)?$/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
  };
  const line = (cells: string[]): string => cells.map(align).join('  ').trimEnd();
  return rows
    .map((cells) => {
      const [name = '', ...others] = cells;
      return name.length <= room ? line(cells) : `${name}\n${line(['', ...others])}`;
    })
    .join('\n');
}
