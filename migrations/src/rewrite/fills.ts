import type { AlterTableCmd } from 'libpg-query';
import { readStatements } from '../sql/index.js';
import { tablesMade } from './context.js';
import { isSerial } from './serial.js';
import { nameOf } from './sql.js';

export interface ColumnToFill {
  /** Quoted, with its schema. */
  table: string;
  column: string;
  /** A new column is empty in every row; one that becomes required may be empty in some. */
  isNew: boolean;
}

/** Columns that must have a value and get none for the rows that exist: somebody has to say which. */
export async function columnsToFill(sql: string): Promise<ColumnToFill[]> {
  const statements = (await readStatements(sql)) ?? [];
  const made = tablesMade(statements);
  return statements.flatMap(({ node }) => {
    const table = 'AlterTableStmt' in node ? nameOf(node.AlterTableStmt.relation) : '';
    if (!('AlterTableStmt' in node) || made.has(table)) return [];
    return (node.AlterTableStmt.cmds ?? []).flatMap((command) => {
      const found = 'AlterTableCmd' in command ? columnToFill(command.AlterTableCmd) : undefined;
      return found ? [{ table, ...found }] : [];
    });
  });
}

function columnToFill({ subtype, name = '', def }: AlterTableCmd): Omit<ColumnToFill, 'table'> | undefined {
  if (subtype === 'AT_SetNotNull') return { column: name, isNew: false };
  if (subtype !== 'AT_AddColumn' || !def || !('ColumnDef' in def)) return undefined;
  const kinds = (def.ColumnDef.constraints ?? []).map((node) =>
    'Constraint' in node ? node.Constraint.contype : '',
  );
  const isOpen =
    kinds.includes('CONSTR_NOTNULL') && !kinds.includes('CONSTR_DEFAULT') && !isSerial(def.ColumnDef);
  return isOpen ? { column: def.ColumnDef.colname ?? '', isNew: true } : undefined;
}
