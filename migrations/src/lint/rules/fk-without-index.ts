import type { Constraint } from 'libpg-query';
import { constraintsOf } from '../../locks/index.js';
import { type Name, nameOf, textsOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';
import { constraintName, instead } from '../words.js';

export const fkWithoutIndex: Rule = {
  id: 'fk-without-index',
  title: 'A foreign key whose column has no index',
  level: 'advice',
  *check(context) {
    for (const { table, columns, parent } of foreignKeys(context)) {
      const known = context.final.table(table);
      const exists = [...(known?.constraints.values() ?? [])].some(
        (each) => each.kind === 'foreign' && String(each.columns) === String(columns),
      );
      const isServed = [...(known?.indexes.values() ?? [])].some((index) =>
        columns.every((column) => index.columns.slice(0, columns.length).includes(column)),
      );
      if (!exists || isServed) continue;
      const list = columns.map(writeIdentifier).join(', ');
      yield {
        message: `Deleting a row of ${writeName(parent)} reads all of ${writeName(table)}, because no index begins with ${list}.`,
        help: instead(
          `Add @@index([…]) for it to schema.prisma. In a migration of its own:`,
          `CREATE INDEX CONCURRENTLY ${writeIdentifier(constraintName(table, ...columns, 'idx'))} ON ${writeName(table)} (${list});`,
        ),
      };
    }
  },
};

interface ForeignKey {
  table: Name;
  columns: string[];
  parent: Name;
}

/** Every foreign key a statement makes, on new tables too. */
function foreignKeys({ node, alterations }: StatementContext): ForeignKey[] {
  if ('CreateStmt' in node) {
    const table = nameOf(node.CreateStmt.relation);
    return (node.CreateStmt.tableElts ?? []).flatMap((element) => inElement(table, element));
  }
  return alterations.flatMap(({ table, command }) => (command.def ? inElement(table, command.def) : []));
}

function inElement(table: Name, element: object): ForeignKey[] {
  if ('Constraint' in element) return describe(table, element.Constraint as Constraint, []);
  if (!('ColumnDef' in element)) return [];
  const column = element.ColumnDef as { colname?: string };
  return constraintsOf(column).flatMap((each) => describe(table, each, [column.colname ?? '']));
}

function describe(table: Name, { pktable, fk_attrs }: Constraint, own: string[]): ForeignKey[] {
  if (!pktable) return [];
  const columns = textsOf(fk_attrs);
  return [{ table, columns: columns.length > 0 ? columns : own, parent: nameOf(pktable) }];
}
