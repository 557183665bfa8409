import type { AlterTableStmt, Constraint, CreateStmt, RangeVar } from 'libpg-query';
import { nameOfParts, readStatements, textsOf, writeType } from '../sql/index.js';

export interface Name {
  schema: string;
  name: string;
}

export interface Table extends Name {
  /** Types by column, as `writeType` writes them. */
  columns: Map<string, string>;
  /** Foreign keys of one column, by the column. */
  references: Map<string, { table: Name; constraint: string }>;
}

export interface Enum extends Name {
  values: string[];
}

/** What a database holds, as far as a rename can touch it. */
export interface Shape {
  tables: Table[];
  enums: Enum[];
}

/** Reads the statements with which Prisma would make a database from nothing. */
export async function readShape(sql: string): Promise<Shape> {
  const shape: Shape = { tables: [], enums: [] };
  for (const { node } of (await readStatements(sql)) ?? []) {
    if ('CreateStmt' in node) shape.tables.push(readTable(node.CreateStmt));
    if ('CreateEnumStmt' in node) {
      const { schema = '', name } = nameOfParts(node.CreateEnumStmt.typeName);
      shape.enums.push({ schema, name, values: textsOf(node.CreateEnumStmt.vals) });
    }
    if ('AlterTableStmt' in node) readReferences(node.AlterTableStmt, shape);
  }
  return shape;
}

export const sameName = (a: Name, b: Name) => a.schema === b.schema && a.name === b.name;

function readReferences(statement: AlterTableStmt, { tables }: Shape): void {
  const of = tables.find((table) => sameName(table, nameOf(statement.relation)));
  for (const { fk_attrs, pktable, conname: constraint = '' } of foreignKeysOf(statement)) {
    const [column, ...others] = textsOf(fk_attrs);
    if (column === undefined || others.length > 0) continue;
    of?.references.set(column, { table: nameOf(pktable), constraint });
  }
}

/** The tables that a script makes foreign keys to, on tables that are there already. */
export async function readReferenced(sql: string): Promise<Name[]> {
  const statements = (await readStatements(sql)) ?? [];
  return statements
    .flatMap(({ node }) => ('AlterTableStmt' in node ? foreignKeysOf(node.AlterTableStmt) : []))
    .map(({ pktable }) => nameOf(pktable));
}

const foreignKeysOf = ({ cmds = [] }: AlterTableStmt): Constraint[] =>
  cmds.flatMap((command) => {
    const added = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
    const constraint = added && 'Constraint' in added ? added.Constraint : undefined;
    return constraint?.contype === 'CONSTR_FOREIGN' ? [constraint] : [];
  });

const nameOf = (relation: RangeVar | undefined): Name => ({
  schema: relation?.schemaname ?? '',
  name: relation?.relname ?? '',
});

function readTable({ relation, tableElts = [] }: CreateStmt): Table {
  const columns = tableElts.flatMap((element) => ('ColumnDef' in element ? [element.ColumnDef] : []));
  return {
    ...nameOf(relation),
    references: new Map(),
    columns: new Map(columns.map((column) => [column.colname ?? '', writeType(column.typeName)])),
  };
}
