import type pg from 'pg';
import { literal, type Migration } from '../history/index.js';
import { type Catalog, type Lock, locksOf, replay } from '../locks/index.js';
import { readBlock } from '../sql/block.js';
import { readStatements, writeName } from '../sql/index.js';

export interface PlannedLock {
  table: string;
  mode: Lock['mode'];
  /** `scan` reads the whole table while the lock is held, `rewrite` writes it anew. */
  work: Lock['work'];
  /** As the server estimates them, null before its first ANALYZE; absent for a table that a pending migration makes. */
  rows?: number | null;
  bytes?: number;
}

export interface PlannedStatement {
  line: number;
  text: string;
  locks: PlannedLock[];
  /** Of a DO block: the statements in it that lock tables. */
  runs?: string[];
  /** It runs what its text does not tell. */
  isOpen?: boolean;
}

type Size = Pick<PlannedLock, 'rows' | 'bytes'>;

/** How large tables are, asked once for each. */
export type Sizes = (table: string) => Promise<Size>;

export function sizesIn(client: pg.Client): Sizes {
  const known = new Map<string, Promise<Size>>();
  return (table) => {
    const size = known.get(table) ?? sizeOf(client, table);
    known.set(table, size);
    return size;
  };
}

/** Each statement of a script with the locks it takes; afterwards the catalogue knows what the script made. */
export async function planStatements(
  sizes: Sizes,
  migration: Migration,
  catalog: Catalog,
): Promise<PlannedStatement[]> {
  const planned: PlannedStatement[] = [];
  for (const { node, text, line } of (await readStatements(migration.sql)) ?? []) {
    const block = await readBlock(node);
    // What a block reads into its variables looks like a table.
    const locking = block?.statements.filter(
      (inside) => !('SelectStmt' in inside.node) && locksOf(inside.node, catalog).length > 0,
    );
    const taken = (locking ?? [{ node }]).flatMap((each) => locksOf(each.node, catalog));
    const locks = new Map<string, PlannedLock>();
    for (const { table: name, mode, work } of taken) {
      const table = writeName(name);
      locks.set(`${mode} ${work} ${table}`, { table, mode, work, ...(await sizes(table)) });
    }
    replay(node, catalog);
    const inBlock = block && { runs: locking?.map((inside) => inside.text), isOpen: block.isOpen };
    planned.push({ line, text, locks: [...locks.values()], ...inBlock });
  }
  return planned;
}

async function sizeOf(client: pg.Client, table: string): Promise<Size> {
  const { rows } = await client.query<{ rows: number | null; bytes: string }>(
    `SELECT CASE WHEN reltuples >= 0 THEN reltuples WHEN relkind = 'r' AND pg_relation_size(oid) = 0 THEN 0 END AS rows,
            pg_total_relation_size(oid) AS bytes
       FROM pg_class WHERE oid = to_regclass(${literal(table)})`,
  );
  return rows[0] ? { rows: rows[0].rows, bytes: Number(rows[0].bytes) } : {};
}
