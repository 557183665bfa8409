import { quote } from '../renames/index.js';
import type { Fill } from './context.js';
import type { Piece } from './piece.js';
import { dollarQuoted, shortName } from './sql.js';

interface Column {
  /** Quoted, with its schema. */
  table: string;
  column: string;
  /** Whoever does not write the column gets a value all the same. */
  hasDefault?: boolean;
}

/** Fills a column in, a few pages of the table at a time, so that no row stays locked for long. */
export function fill(
  { table, column }: Column,
  value: Fill | undefined,
  phase: 'fill' | 'refill' = 'fill',
): Piece[] {
  if (!value || !('sql' in value)) return [];
  const body = `
DECLARE
  pages CONSTANT bigint := pg_relation_size('${table.replaceAll("'", "''")}') / current_setting('block_size')::bigint;
  step CONSTANT bigint := 40;
BEGIN
  FOR page IN 0 .. pages BY step LOOP
    UPDATE ${table} SET ${quote(column)} = ${value.sql}
    WHERE ${quote(column)} IS NULL AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid;
    COMMIT;
  END LOOP;
END `;
  const sql = `DO ${dollarQuoted(body)};`;
  return [{ phase, locks: [], sql, alone: true, fills: { table, column }, label: `${phase}_${column}` }];
}

const writersFirst =
  '-- From here on a version that leaves this column empty cannot insert rows: deploy code that writes it first, or give the column a default.\n';

/** NOT NULL without a scan under a lock: a check is validated while others read and write, and proves it. */
export function requireValue(target: Column, filledBy: Fill | undefined): Piece[] {
  const { table, column, hasDefault = false } = target;
  const bare = table.slice(table.indexOf('.') + 2, -1);
  const check = quote(shortName(bare, column, 'not_null'));
  const alter = `ALTER TABLE ${table}`;
  const requirement =
    filledBy && 'dataMigration' in filledBy ? `-- requires data migration: ${filledBy.dataMigration}\n` : '';
  return [
    {
      phase: 'constrain',
      locks: [table],
      sql: `${requirement}${hasDefault ? '' : writersFirst}${alter} ADD CONSTRAINT ${check} CHECK (${quote(column)} IS NOT NULL) NOT VALID;`,
      label: `check_${column}`,
    },
    // Until the check was there, others could insert empty rows, or move one to a page that was already filled.
    ...fill(target, filledBy, 'refill'),
    {
      phase: 'validate',
      locks: [table],
      sql: `${alter} VALIDATE CONSTRAINT ${check};`,
      label: `validate_${column}`,
    },
    {
      phase: 'require',
      locks: [table],
      sql: `${alter} ALTER COLUMN ${quote(column)} SET NOT NULL;\n${alter} DROP CONSTRAINT ${check};`,
      label: `require_${column}`,
    },
  ];
}
