import { UserError } from '../errors/index.js';

// Words that say that something happens, but not what.
const vague = new Set(
  `a adjust alter and change changed changes commit database db edit fix fixed fixes foo bar fixup for migrate
   migration migrations misc minor modify more my new of patch prisma refactor schema some sql stuff temp test tests
   the tmp todo tweak update updated updates v wip work x`.split(/\s+/),
);

/** The name as it stands in the folder's name; one that says nothing about the change is refused. */
export function checkName(name: string): string {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  if (words.some((word) => !vague.has(word) && !/^v?\d+$/.test(word)))
    return words.join('_').slice(0, longest);
  throw new UserError('VAGUE_NAME', `"${name}" does not say what the migration changes.`, {
    hint: 'Say what happens to what, such as add_phone_number_to_users, create_posts_table or add_index_to_email.',
  });
}

/** What each of several steps adds to the author's name: with what it is about only where the name does not say that. */
export function labelsAfter(name: string, labels: string[]): string[] {
  if (labels.length < 2) return [];
  const shorten = (label: string): string => {
    const [verb = '', ...subject] = label.split('_');
    return subject.length > 0 && `_${name}_`.includes(`_${subject.join('_')}_`) ? verb : label;
  };
  const short = labels.map(shorten);
  const isAmbiguous = (label: string) => short.filter((other) => other === label).length > 1;
  return labels.map((label) => (isAmbiguous(shorten(label)) ? label : shorten(label)));
}

// The history holds 255 characters, and some file systems no more than that with the rest of the path's segment.
const longest = 180;

/** Names for migrations that follow each other: each begins with a second of its own, later than every other's. */
export function timestamps(count: number, existing: string[], now = new Date()): string[] {
  const latest = existing.map(timeOf).reduce((a, b) => Math.max(a, b), 0);
  const first = Math.max(Math.floor(now.getTime() / 1000) * 1000, latest + 1000);
  return Array.from({ length: count }, (_, index) => stamp(new Date(first + index * 1000)));
}

const stamp = (time: Date) => time.toISOString().replace(/\D/g, '').slice(0, 14);

function timeOf(name: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)_/.exec(name) ?? [];
  return year
    ? Date.UTC(+year, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
    : 0;
}
