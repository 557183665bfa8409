import { type Name, nameOfObject, writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule, StatementContext } from '../rule.js';

export const droppedInUse: Rule = {
  id: 'dropped-in-use',
  title: 'A column or table that schema.prisma still declares',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_DropColumn')) {
      const column = command.name ?? '';
      if (!isInUse(context, table, column)) continue;
      yield problem(`The column ${writeIdentifier(column)} of ${writeName(table)}`);
    }
    for (const table of droppedTables(context)) {
      if (isInUse(context, table)) yield problem(`The table ${writeName(table)}`);
    }
  },
};

const problem = (what: string) => ({
  message: `${what} is dropped for good, but schema.prisma still declares it: every query of its model fails.`,
  help: 'Keep it, or remove it from schema.prisma and release that version first.',
});

/** Declared by schema.prisma, and not made again by a later migration. */
export function isInUse(
  { service, catalog, final }: StatementContext,
  table: Name,
  column?: string,
): boolean {
  const declared = service?.declared?.tables.get(catalog.key(table));
  const left = final.table(table);
  if (column === undefined) return declared !== undefined && !left;
  return declared?.has(column) === true && !left?.columns.has(column);
}

/** Tables that a statement drops and that may have rows and readers. */
export function droppedTables({ node, catalog }: StatementContext): Name[] {
  if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TABLE') return [];
  return (node.DropStmt.objects ?? []).map(nameOfObject).filter((table) => !catalog.isNew(table));
}
