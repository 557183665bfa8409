import { tokenEnd } from './comments.js';

/**
 * Prisma takes names with the letters of every script, the schema parser only ASCII. Answers the source with an ASCII
 * name of the same length for each, so that offsets stay, and what gives a parsed tree the real ones.
 */
export function withAsciiNames(source: string): { code: string; restore: <Tree>(tree: Tree) => Tree } {
  if (isAscii(source)) return { code: source, restore: (tree) => tree };
  const words = readWords(source);
  const given = new Map<string, string>();
  const taken = new Set(words.map(({ text }) => text));
  let code = '';
  let from = 0;
  for (const { text, start } of words.filter((word) => !isAscii(word.text))) {
    const name = given.get(text) ?? freeName(text.length, taken);
    given.set(text, name);
    taken.add(name);
    code += source.slice(from, start) + name;
    from = start + text.length;
  }
  const real = new Map([...given].map(([text, name]) => [name, text]));
  return {
    code: code + source.slice(from),
    restore: (tree) => (real.size > 0 ? (replaceStrings(tree, real) as typeof tree) : tree),
  };
}

/** Names and keywords, without what stands in strings and comments. */
function readWords(source: string): { text: string; start: number }[] {
  const words: { text: string; start: number }[] = [];
  let start = 0;
  for (let at = 0; at < source.length; ) {
    const end = tokenEnd(source, at);
    const isWord = end === at + 1 && isLetter(source.charAt(at));
    if (!isWord && start < at) words.push({ text: source.slice(start, at), start });
    if (!isWord) start = end;
    at = end;
  }
  return words;
}

const isLetter = (character: string) => /[\w-]/.test(character) || !isAscii(character);
const isAscii = (text: string) => !/[^\p{ASCII}]/u.test(text);

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function freeName(length: number, taken: Set<string>): string {
  for (let number = 0; ; number++) {
    const rest = Math.floor(number / letters.length);
    const digits = length === 1 && rest === 0 ? '' : rest.toString(36).padStart(length - 1, '0');
    if (digits.length >= length)
      throw new Error(`There are too many names of ${length} letters beyond ASCII.`);
    const name = letters.charAt(number % letters.length) + digits;
    if (!taken.has(name)) return name;
  }
}

function replaceStrings(value: unknown, by: Map<string, string>): unknown {
  if (typeof value === 'string') return by.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => replaceStrings(each, by));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, replaceStrings(each, by)]));
}
