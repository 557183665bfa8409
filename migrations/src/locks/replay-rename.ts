import { type FieldsOf, nameOf, nameOfObject } from '../sql/index.js';
import type { Catalog, Table } from './catalog.js';

type Rename = FieldsOf<'RenameStmt'>;

export function rename(statement: Rename, catalog: Catalog): void {
  renames[statement.renameType ?? '']?.(statement, catalog);
}

export function setSchema(
  { objectType, relation, newschema }: FieldsOf<'AlterObjectSchemaStmt'>,
  catalog: Catalog,
): void {
  const table = objectType === 'OBJECT_TABLE' ? catalog.table(nameOf(relation)) : undefined;
  if (table) move(table, { ...table, schema: newschema }, catalog);
}

const renames: Record<string, (statement: Rename, catalog: Catalog) => void> = {
  OBJECT_TABLE: ({ relation, newname = '' }, catalog) => {
    const table = catalog.table(nameOf(relation));
    if (table) move(table, { ...table, name: newname }, catalog);
  },
  OBJECT_COLUMN: ({ relation, subname = '', newname = '' }, catalog) => {
    const table = catalog.table(nameOf(relation));
    if (table) renameColumn(table, subname, newname);
  },
  OBJECT_TABCONSTRAINT: ({ relation, subname = '', newname = '' }, catalog) => {
    const table = catalog.table(nameOf(relation));
    if (!table) return;
    renameMember(table.constraints, subname, newname);
    renameMember(table.indexes, subname, newname);
  },
  OBJECT_INDEX: ({ relation, newname = '' }, catalog) => {
    const { name } = nameOf(relation);
    const table = catalog.tableOfIndex(nameOf(relation));
    if (table) renameMember(table.indexes, name, newname);
  },
  OBJECT_TYPE: ({ object, newname = '' }, catalog) => {
    const old = nameOfObject(object);
    rekey(catalog.enums, catalog.key(old), catalog.key({ ...old, name: newname }));
  },
  OBJECT_SCHEMA: ({ subname, newname = '' }, catalog) => {
    const tables = [...catalog.tables.values()].filter(({ schema }) => schema === subname);
    for (const table of tables) move(table, { ...table, schema: newname }, catalog);
  },
};

function move(table: Table, to: Table, catalog: Catalog): void {
  for (const { constraint } of catalog.referencesTo(table))
    constraint.references = { schema: to.schema, name: to.name };
  catalog.tables.delete(catalog.key(table));
  catalog.tables.set(catalog.key(to), to);
}

function renameColumn(table: Table, from: string, to: string): void {
  rekey(table.columns, from, to);
  const renamed = (column: string) => (column === from ? to : column);
  for (const member of [...table.indexes.values(), ...table.constraints.values()])
    member.columns = member.columns.map(renamed);
  for (const index of table.indexes.values()) index.mentions = index.mentions.map(renamed);
}

function renameMember<Member extends { name: string }>(
  members: Map<string, Member>,
  from: string,
  to: string,
): void {
  rekey(members, from, to);
  const member = members.get(to);
  if (member) member.name = to;
}

function rekey<Value>(map: Map<string, Value>, from: string, to: string): void {
  const value = map.get(from);
  if (value === undefined) return;
  map.delete(from);
  map.set(to, value);
}
