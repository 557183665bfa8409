/** PostgreSQL's table locks, weakest first, with what each makes wait. */
export const lockModes = [
  { mode: 'ACCESS SHARE', blocks: 'nothing but ACCESS EXCLUSIVE' },
  { mode: 'ROW SHARE', blocks: 'nothing but schema changes' },
  { mode: 'ROW EXCLUSIVE', blocks: 'nothing but schema changes' },
  { mode: 'SHARE UPDATE EXCLUSIVE', blocks: 'only other schema changes and VACUUM' },
  { mode: 'SHARE', blocks: 'writes' },
  { mode: 'SHARE ROW EXCLUSIVE', blocks: 'writes' },
  { mode: 'EXCLUSIVE', blocks: 'writes' },
  { mode: 'ACCESS EXCLUSIVE', blocks: 'reads and writes' },
] as const;

export type LockMode = (typeof lockModes)[number]['mode'];

export const rankOf = (mode: LockMode): number => lockModes.findIndex((each) => each.mode === mode);

/** What a lock makes wait, in plain words. */
export const blockedBy = (mode: LockMode): string => lockModes[rankOf(mode)]?.blocks ?? '';

/** Whether an application notices: it can read and write under anything weaker than SHARE. */
export const stopsWrites = (mode: LockMode): boolean => rankOf(mode) >= rankOf('SHARE');

export const stopsReads = (mode: LockMode): boolean => mode === 'ACCESS EXCLUSIVE';

/**
 * For how long a statement holds its locks if nothing else follows: `brief` changes the catalogue only, `rows` takes
 * as long as the rows it writes, `scan` reads the whole table (or builds an index), `rewrite` writes it anew. What a
 * statement runs that cannot be known from its text is `unknown`.
 */
export const works = ['brief', 'unknown', 'rows', 'scan', 'rewrite'] as const;
export type Work = (typeof works)[number];

export const moreWork = (a: Work, b: Work): Work => (works.indexOf(a) >= works.indexOf(b) ? a : b);
