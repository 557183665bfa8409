import type { AlterTableCmd, Constraint } from 'libpg-query';
import type { Statement } from '../sql/index.js';
import { nameOf } from './sql.js';

/** What a change does to indexes, and to what they stand on, by table. */
export interface IndexChanges {
  /** The tables that get an index. */
  built: Set<string>;
  droppedColumns: Map<string, string[]>;
  /** As `"schema"."table".constraint`. */
  droppedConstraints: Set<string>;
}

export function indexChanges(statements: Statement[]): IndexChanges {
  const built = new Set<string>();
  const droppedColumns = new Map<string, string[]>();
  const droppedConstraints = new Set<string>();
  for (const { node } of statements) {
    if ('IndexStmt' in node) built.add(nameOf(node.IndexStmt.relation));
    if (!('AlterTableStmt' in node)) continue;
    const table = nameOf(node.AlterTableStmt.relation);
    const commands = (node.AlterTableStmt.cmds ?? []).flatMap((each) =>
      'AlterTableCmd' in each ? [each.AlterTableCmd] : [],
    );
    if (commands.some(addedKey)) built.add(table);
    const dropped = (kind: AlterTableCmd['subtype']) =>
      commands.filter(({ subtype }) => subtype === kind).map(({ name = '' }) => name);
    droppedColumns.set(table, [...(droppedColumns.get(table) ?? []), ...dropped('AT_DropColumn')]);
    for (const name of dropped('AT_DropConstraint')) droppedConstraints.add(`${table}.${name}`);
  }
  return { built, droppedColumns, droppedConstraints };
}

/** The primary key or the unique constraint that a command adds. */
export function addedKey({ subtype, def }: AlterTableCmd): Constraint | undefined {
  if (subtype !== 'AT_AddConstraint' || !def || !('Constraint' in def)) return undefined;
  const { contype } = def.Constraint;
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE' ? def.Constraint : undefined;
}
