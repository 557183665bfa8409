import {
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** A YAML text is cut and pasted by what the parser says stands where, not printed anew: every other byte stays. */
export interface Edit {
  from: number;
  to: number;
  text: string;
}

export interface Source {
  text: string;
  node: unknown;
}

export type Collection = YAMLMap | YAMLSeq;

export function read(text: string): Source {
  const document = parseDocument(text);
  // An overlay may use anchors of the text it is made for.
  const error = document.errors.find(({ code }) => code !== 'BAD_ALIAS');
  if (error) throw error;
  return { text, node: document.contents };
}

/** The lines of a pair or an item, with whatever else stands on the last of them. */
export function linesOf(text: string, item: unknown): string {
  return text.slice(startOf(text, item), endOf(text, item));
}

export function startOf(text: string, item: unknown): number {
  const { start } = rangeOf(isPair(item) ? item.key : item);
  return text.lastIndexOf('\n', start - 1) + 1;
}

export function endOf(text: string, item: unknown): number {
  const { end } = rangeOf(isPair(item) ? (item.value ?? item.key) : item);
  return text.indexOf('\n', text.slice(0, end).trimEnd().length) + 1;
}

/** Whether an empty line is between the items of a collection. */
export function isSpread(text: string, { items }: Collection): boolean {
  if (items.length < 2) return false;
  return /^\s*\n/.test(text.slice(endOf(text, items[0]), startOf(text, items[1])));
}

export const isPair = (item: unknown): item is Pair =>
  typeof item === 'object' && item !== null && 'key' in item;

export const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

export const findPair = (node: unknown, key: string): Pair | undefined =>
  isMap(node) ? node.items.find((pair) => keyOf(pair) === key) : undefined;

export const isCollection = (node: unknown): node is Collection => isMap(node) || isSeq(node);

/** From the end, so that no edit moves the place of another; those at one place stay in their order. */
export function apply(text: string, edits: Edit[]): string {
  return edits
    .map((edit, index) => ({ ...edit, index }))
    .sort((a, b) => b.from - a.from || b.index - a.index)
    .reduce((result, edit) => result.slice(0, edit.from) + edit.text + result.slice(edit.to), text);
}

function rangeOf(node: unknown): { start: number; end: number } {
  const { range } = node as Node;
  if (!range) throw new TypeError('This node has no place in the text.');
  return { start: range[0], end: range[1] };
}
