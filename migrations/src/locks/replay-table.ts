import type { AlterTableCmd, ColumnDef, Constraint as Definition } from 'libpg-query';
import { columnsIn, type FieldsOf, type Name, nameOf, textsOf, writeType } from '../sql/index.js';
import type { Catalog, Column, Constraint, ConstraintKind, Table } from './catalog.js';

export function addTable(name: Name, catalog: Catalog, partitionOf?: Name): Table {
  const table: Table = {
    schema: name.schema ?? catalog.schema,
    name: name.name,
    columns: new Map(),
    constraints: new Map(),
    indexes: new Map(),
    policies: new Set(),
    rowSecurity: false,
    partitionOf,
    isDefault: false,
    isNew: true,
  };
  catalog.tables.set(catalog.key(table), table);
  return table;
}

export function createTable(statement: FieldsOf<'CreateStmt'>, catalog: Catalog): void {
  const name = nameOf(statement.relation);
  // IF NOT EXISTS on one that exists changes nothing.
  if (statement.if_not_exists && catalog.table(name)) return;
  const [parent] = statement.inhRelations ?? [];
  const isPartition = statement.partbound && parent && 'RangeVar' in parent;
  const table = addTable(name, catalog, isPartition ? nameOf(parent.RangeVar) : undefined);
  table.isDefault = statement.partbound?.is_default ?? false;
  for (const element of statement.tableElts ?? []) {
    if ('ColumnDef' in element) addColumn(table, element.ColumnDef);
    if ('Constraint' in element) addConstraint(table, element.Constraint);
  }
}

export function createIndex(statement: FieldsOf<'IndexStmt'>, catalog: Catalog): void {
  const elements = (statement.indexParams ?? []).flatMap((node) =>
    'IndexElem' in node ? [node.IndexElem] : [],
  );
  const expression = elements.findIndex((element) => element.expr !== undefined);
  const leading = expression < 0 ? elements : elements.slice(0, expression);
  const columns = leading.map((element) => element.name ?? '');
  const name = statement.idxname ?? [statement.relation?.relname, ...columns, 'idx'].join('_');
  const plain =
    leading.length === elements.length &&
    !statement.whereClause &&
    (statement.accessMethod ?? 'btree') === 'btree' &&
    elements.every(({ opclass, ordering }) => !opclass && ordering === 'SORTBY_DEFAULT');
  const rest = elements.slice(leading.length);
  const mentions = [
    ...columnsIn([rest, statement.whereClause]),
    ...rest.flatMap((element) => element.name ?? []),
  ];
  const index = { name, columns, mentions, unique: statement.unique ?? false, plain };
  catalog.table(nameOf(statement.relation))?.indexes.set(name, index);
}

export function alterTable({ relation, cmds = [] }: FieldsOf<'AlterTableStmt'>, catalog: Catalog): void {
  const table = catalog.table(nameOf(relation));
  if (!table) return;
  for (const command of cmds) {
    if ('AlterTableCmd' in command)
      alterations[command.AlterTableCmd.subtype ?? '']?.(table, command.AlterTableCmd, catalog);
  }
}

const alterations: Record<string, (table: Table, command: AlterTableCmd, catalog: Catalog) => void> = {
  AT_AddColumn: (table, { def }) => def && 'ColumnDef' in def && addColumn(table, def.ColumnDef),
  AT_AddConstraint: (table, { def }) => def && 'Constraint' in def && addConstraint(table, def.Constraint),
  AT_DropColumn: (table, { name = '' }) => dropColumn(table, name),
  AT_SetNotNull: (table, { name }) => setNotNull(table, name, true),
  AT_DropNotNull: (table, { name }) => setNotNull(table, name, false),
  AT_AlterColumnType: (table, { name = '', def }) => {
    const column = table.columns.get(name);
    if (column && def && 'ColumnDef' in def) column.type = writeType(def.ColumnDef.typeName);
  },
  AT_DropConstraint: (table, { name = '' }) => {
    table.constraints.delete(name);
    table.indexes.delete(name);
  },
  AT_ValidateConstraint: (table, { name = '' }) => {
    const constraint = table.constraints.get(name);
    if (constraint) constraint.valid = true;
  },
  AT_EnableRowSecurity: (table) => {
    table.rowSecurity = true;
  },
  AT_DisableRowSecurity: (table) => {
    table.rowSecurity = false;
  },
  AT_AttachPartition: (table, { def }, catalog) => setParent(def, table, catalog),
  AT_DetachPartition: (_, { def }, catalog) => setParent(def, undefined, catalog),
};

function setParent(def: AlterTableCmd['def'], parent: Table | undefined, catalog: Catalog): void {
  const partition = def && 'PartitionCmd' in def ? catalog.table(nameOf(def.PartitionCmd.name)) : undefined;
  if (!partition || !def || !('PartitionCmd' in def)) return;
  partition.partitionOf = parent;
  partition.isDefault = def.PartitionCmd.bound?.is_default ?? false;
}

function addColumn(table: Table, definition: ColumnDef): void {
  const name = definition.colname ?? '';
  const column: Column = { type: writeType(definition.typeName), notNull: false };
  table.columns.set(name, column);
  for (const each of definition.constraints ?? []) {
    if (!('Constraint' in each)) continue;
    const { contype = '' } = each.Constraint;
    if (['CONSTR_NOTNULL', 'CONSTR_PRIMARY', 'CONSTR_IDENTITY'].includes(contype)) column.notNull = true;
    addConstraint(table, each.Constraint, [name]);
  }
}

const constraintKinds: Partial<Record<string, ConstraintKind>> = {
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_FOREIGN: 'foreign',
  CONSTR_CHECK: 'check',
  CONSTR_EXCLUSION: 'exclusion',
};

/** `ownColumn` is given when the constraint stands with its column. */
function addConstraint(table: Table, definition: Definition, ownColumn: string[] = []): void {
  const kind = constraintKinds[definition.contype ?? ''];
  if (!kind) return;
  const named = textsOf(kind === 'foreign' ? definition.fk_attrs : definition.keys);
  const columns = columnsOfIndex(table, definition.indexname) ?? (named.length > 0 ? named : ownColumn);
  const name = definition.conname ?? definition.indexname ?? defaultName(table, kind, columns);
  table.constraints.set(name, {
    name,
    kind,
    columns,
    valid: !definition.skip_validation,
    ...(definition.pktable && {
      references: nameOf(definition.pktable),
      referenced: textsOf(definition.pk_attrs),
    }),
    ...(definition.raw_expr && { expression: definition.raw_expr }),
  });
  if (kind === 'primary' || kind === 'unique') {
    table.indexes.delete(definition.indexname ?? '');
    table.indexes.set(name, { name, columns, mentions: [], unique: true, plain: true });
  }
  if (kind === 'primary') for (const column of columns) setNotNull(table, column, true);
}

const columnsOfIndex = (table: Table, name: string | undefined) =>
  name === undefined ? undefined : table.indexes.get(name)?.columns;

const suffixes = { primary: 'pkey', unique: 'key', foreign: 'fkey', check: 'check', exclusion: 'excl' };

/** As PostgreSQL names a constraint when the statement does not. */
const defaultName = (table: Table, kind: Constraint['kind'], columns: string[]): string =>
  [table.name, ...(kind === 'primary' ? [] : columns), suffixes[kind]].join('_');

function setNotNull(table: Table, column: string | undefined, notNull: boolean): void {
  const known = table.columns.get(column ?? '');
  if (known) known.notNull = notNull;
}

function dropColumn(table: Table, name: string): void {
  table.columns.delete(name);
  for (const { name: constraint, columns } of table.constraints.values())
    if (columns.includes(name)) table.constraints.delete(constraint);
  for (const { name: index, columns, mentions } of table.indexes.values())
    if (columns.includes(name) || mentions.includes(name)) table.indexes.delete(index);
}
