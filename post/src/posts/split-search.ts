/**
 * Splits what a person typed into what is searched as it stands and the word still being typed, which also finds
 * longer ones. Within quotes nothing is.
 */
export function splitSearch(text: string): { words: string; prefix: string } {
  const last = /(?:^|\s)([\p{L}\p{N}]+)$/u.exec(text)?.[1];
  if (!last || isInsideQuotes(text) || isOperator(text, last)) return { words: text, prefix: '' };
  return { words: text.slice(0, -last.length), prefix: `${last}:*` };
}

const isInsideQuotes = (text: string) => (text.split('"').length - 1) % 2 === 1;

/** `or` and what it joins are left to PostgreSQL, which knows how to read it. */
const isOperator = (text: string, last: string) =>
  /(^|\s)or\s+$/i.test(text.slice(0, -last.length)) || /^or$/i.test(last);
