/** What a terminal shows of a line at least. */
export const terminalWidth = 80;

/** Lines that fit a terminal; only a word may be longer. What follows the first line stands at `hanging`. */
export function wrap(text: string, indent: string, hanging = indent): string[] {
  const lines: string[] = [];
  for (const word of wordsOf(text)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= terminalWidth)
      lines[lines.length - 1] = `${last} ${word}`;
    else if (last === undefined) lines.push(indent + word);
    else lines.push((isComment(text) ? `${indent}-- ` : hanging) + word);
  }
  return lines;
}

/** A comment in SQL ends with its line, so the next line must be one too. */
const isComment = (text: string) => text.startsWith('-- ');

/** Apart at blanks, but not inside quotes, where a line break would change the SQL. */
const wordsOf = (text: string): string[] => text.match(/(?:'[^']*'|"[^"]*"|[^\s'"]|['"](?=\S*))+/g) ?? [];
