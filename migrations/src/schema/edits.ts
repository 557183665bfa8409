/** A replacement in a text, told in the text's own offsets. */
export interface Edit {
  at: number;
  remove: number;
  insert: string;
}

/** A text, or a slice of it, after edits that lie in it. */
export function applyEdits(text: string, edits: Edit[], start = 0, end = text.length): string {
  let result = '';
  let from = start;
  for (const { at, remove, insert } of edits.toSorted((a, b) => a.at - b.at)) {
    result += text.slice(from, at) + insert;
    from = at + remove;
  }
  return result + text.slice(from, end);
}
