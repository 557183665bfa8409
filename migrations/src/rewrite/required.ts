import { quote } from '../renames/index.js';
import type { Fill } from './context.js';
import type { Piece } from './piece.js';
import { shortName } from './sql.js';

interface Column {
  /** Quoted, with its schema. */
  table: string;
  column: string;
}

/** Fills a column in, a few pages of the table at a time, so that no row stays locked for long. */
export function fill({ table, column }: Column, value: Fill | undefined): Piece[] {
  if (!value || !('sql' in value)) return [];
  const sql = `DO $$
DECLARE
  pages CONSTANT bigint := pg_relation_size('${table.replaceAll("'", "''")}') / current_setting('block_size')::bigint;
  step CONSTANT bigint := 40;
BEGIN
  FOR page IN 0 .. pages BY step LOOP
    UPDATE ${table} SET ${quote(column)} = ${value.sql}
    WHERE ${quote(column)} IS NULL AND ctid >= format('(%s,0)', page)::tid AND ctid < format('(%s,0)', page + step)::tid;
    COMMIT;
  END LOOP;
END $$;`;
  return [{ phase: 'fill', locks: [], sql, alone: true, label: `fill_${column}` }];
}

/** NOT NULL without a scan under a lock: a check is validated while others read and write, and proves it. */
export function requireValue({ table, column }: Column, filledBy: Fill | undefined): Piece[] {
  const bare = table.slice(table.indexOf('.') + 2, -1);
  const check = quote(shortName(bare, column, 'not_null'));
  const alter = `ALTER TABLE ${table}`;
  const requirement =
    filledBy && 'dataMigration' in filledBy ? `-- requires data migration: ${filledBy.dataMigration}\n` : '';
  return [
    {
      phase: 'constrain',
      locks: [table],
      sql: `${requirement}${alter} ADD CONSTRAINT ${check} CHECK (${quote(column)} IS NOT NULL) NOT VALID;`,
      label: `check_${column}`,
    },
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
