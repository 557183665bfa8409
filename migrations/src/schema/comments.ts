/** Spaces in place of every block comment, so that offsets stay: Prisma allows them, the schema parser does not. */
export function blankBlockComments(source: string): string {
  let result = '';
  for (let at = 0; at < source.length; ) {
    const end = tokenEnd(source, at);
    const token = source.slice(at, end);
    result += token.startsWith('/*') ? token.replaceAll(/[^\n]/g, ' ') : token;
    at = end;
  }
  return result;
}

/** Just behind the bracket that closes the first one at or after an offset. */
export function bracketEnd(source: string, from: number): number {
  let open = 0;
  for (let at = from; at < source.length; at = tokenEnd(source, at)) {
    if ('([{'.includes(source.charAt(at))) open++;
    else if (')]}'.includes(source.charAt(at)) && --open === 0) return at + 1;
  }
  return source.length;
}

/** Where the string, comment or single character that starts at an offset ends. */
export function tokenEnd(source: string, at: number): number {
  if (source.startsWith('/*', at)) return behind(source, '*/', at + 2);
  if (source.startsWith('//', at)) return behind(source, '\n', at);
  if (source[at] !== '"') return at + 1;
  let end = at + 1;
  while (end < source.length && source[end] !== '"') end += source[end] === '\\' ? 2 : 1;
  return end + 1;
}

function behind(source: string, mark: string, from: number): number {
  const found = source.indexOf(mark, from);
  return found < 0 ? source.length : found + mark.length;
}
