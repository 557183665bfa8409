/**
 * What a statement does to the tables it touches, told from its text and from the statements before it: which lock,
 * for how long in kind, and what that makes wait. Knowledge as data; a test holds it against a real PostgreSQL.
 */
import type { Node } from 'libpg-query';
import { type Name, writeName } from '../sql/index.js';
import type { Catalog } from './catalog.js';
import { blockedBy, type LockMode, moreWork, rankOf, type Work } from './modes.js';
import { type RawLock, rawLocks } from './statements.js';

export { columnRewrite, constraintsOf, hasDefault, locksOfCommand } from './alter-table.js';
export { Catalog, type Column, type Constraint, type Index, type Table } from './catalog.js';
export {
  blockedBy,
  type LockMode,
  lockModes,
  moreWork,
  rankOf,
  stopsReads,
  stopsWrites,
  type Work,
} from './modes.js';
export { impliesNotNull, provesNotNull } from './not-null.js';
export { replay } from './replay.js';
export { dependsOnTimezone, isFreeTypeChange, isNarrowing } from './types.js';
export { steadyFunctions, unsteadyFunction, volatileFunction } from './volatility.js';

export interface Lock {
  table: Name;
  mode: LockMode;
  work: Work;
  /** The table was created by the same migration, so nobody waits. */
  isNew: boolean;
}

/** The locks of a statement, one per table: the strongest mode and the longest work. */
export function locksOf(node: Node, catalog: Catalog): Lock[] {
  const locks = new Map<string, Lock>();
  for (const raw of rawLocks(node, catalog)) {
    const table = { schema: raw.table.schema ?? catalog.schema, name: raw.table.name };
    const isNew = catalog.isNew(table);
    locks.set(catalog.key(table), { ...combine(locks.get(catalog.key(table)), raw), table, isNew });
  }
  // While a new table is empty there is nothing to read, so what else the statement locks is free at once.
  const [target] = locks.values();
  return [...locks.values()].map((lock) =>
    target?.isNew && lock.work !== 'rows' ? { ...lock, work: 'brief' } : lock,
  );
}

/** How long a statement takes in kind; DO, CALL and functions in a SELECT may do anything. */
export function workOf(node: Node, locks: Lock[]): Work {
  const [kind = ''] = Object.keys(node);
  const start: Work = ['DoStmt', 'CallStmt', 'SelectStmt'].includes(kind) ? 'unknown' : 'brief';
  return locks.filter(({ isNew }) => !isNew).reduce<Work>((work, lock) => moreWork(work, lock.work), start);
}

/** One line for people: `ACCESS EXCLUSIVE on auth_schema.users while it is rewritten: blocks reads and writes`. */
export function describeLock({ table, mode, work, isNew }: Lock): string {
  const duration = {
    brief: '',
    unknown: '',
    rows: '',
    scan: ' while it is read',
    rewrite: ' while it is rewritten',
  };
  const blocks = isNew ? 'new, so nobody waits' : `blocks ${blockedBy(mode)}`;
  return `${mode} on ${writeName(table)}${duration[work]}: ${blocks}`;
}

function combine(known: Lock | undefined, raw: RawLock): Pick<Lock, 'mode' | 'work'> {
  if (!known) return { mode: raw.mode, work: raw.work };
  return {
    mode: rankOf(known.mode) >= rankOf(raw.mode) ? known.mode : raw.mode,
    work: moreWork(known.work, raw.work),
  };
}
