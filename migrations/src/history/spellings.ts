import { type Comment, readComments } from '../sql/comments.js';

/** Each of them doubles the texts that have to be looked at. */
const mostNotes = 6;

/**
 * The texts that this script may have been applied as: a checkout changes line endings, and a `-- lint:` comment, which
 * changes nothing that runs, may have been added since.
 */
export function spellingsOf(sql: string): string[] {
  const notes = readComments(sql).filter(({ text }) => /^lint\s*:/.test(text));
  // From the end, so that the places of the others stay right.
  const texts = notes
    .toReversed()
    .slice(0, mostNotes)
    .reduce((each, note) => each.flatMap((text) => [text, without(text, note)]), [sql]);
  return texts.flatMap((text) => {
    const unix = text.replaceAll('\r\n', '\n');
    return [text, unix, unix.replaceAll('\n', '\r\n')];
  });
}

/** With the whole line where nothing else is on it. */
function without(text: string, { offset, end }: Comment): string {
  const before = text.slice(0, offset).replace(/[ \t]+$/, '');
  const isLine = before === '' || before.endsWith('\n');
  return before + text.slice(end).replace(isLine ? /^\r?\n/ : '', '');
}
