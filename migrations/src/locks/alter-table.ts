import type { AlterTableCmd, ColumnDef, Constraint as Definition } from 'libpg-query';
import { columnsIn, type Name, nameOf, nameOfParts, writeType } from '../sql/index.js';
import type { Catalog, Table } from './catalog.js';
import type { LockMode, Work } from './modes.js';
import { provesNotNull } from './not-null.js';
import { isFreeTypeChange, keepsIndexes } from './types.js';
import { volatileFunction } from './volatility.js';

/** What one command of ALTER TABLE locks: its own table, and other tables it touches. */
export interface CommandLocks {
  mode: LockMode;
  work: Work;
  others: { table: Name; mode: LockMode }[];
}

/** Commands that do not take ACCESS EXCLUSIVE (PostgreSQL's `AlterTableGetLockLevel`). */
const gentler: Partial<Record<string, LockMode>> = {
  AT_AttachPartition: 'SHARE UPDATE EXCLUSIVE',
  AT_ClusterOn: 'SHARE UPDATE EXCLUSIVE',
  AT_DetachPartitionFinalize: 'SHARE UPDATE EXCLUSIVE',
  AT_DisableTrig: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_DisableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_DropCluster: 'SHARE UPDATE EXCLUSIVE',
  AT_EnableAlwaysTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableReplicaTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrig: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigAll: 'SHARE ROW EXCLUSIVE',
  AT_EnableTrigUser: 'SHARE ROW EXCLUSIVE',
  AT_ResetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_ResetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetRelOptions: 'SHARE UPDATE EXCLUSIVE',
  AT_SetStatistics: 'SHARE UPDATE EXCLUSIVE',
  AT_ValidateConstraint: 'SHARE UPDATE EXCLUSIVE',
};

const rewriting = new Set([
  'AT_SetAccessMethod',
  'AT_SetExpression',
  'AT_SetLogged',
  'AT_SetTableSpace',
  'AT_SetUnLogged',
]);

export function locksOfCommand(command: AlterTableCmd, target: Name, catalog: Catalog): CommandLocks {
  const { subtype = 'AT_AddColumn' } = command;
  const mode = gentler[subtype] ?? 'ACCESS EXCLUSIVE';
  const brief: CommandLocks = { mode, work: rewriting.has(subtype) ? 'rewrite' : 'brief', others: [] };
  return { ...brief, ...particulars[subtype]?.(command, catalog.table(target), catalog) };
}

type Particulars = (
  command: AlterTableCmd,
  table: Table | undefined,
  catalog: Catalog,
) => Partial<CommandLocks> | undefined;

/** What differs from one command to the next with its arguments. */
const particulars: Partial<Record<string, Particulars>> = {
  AT_AddColumn: ({ def }, _, catalog) =>
    def && 'ColumnDef' in def ? addColumn(def.ColumnDef, catalog) : undefined,
  AT_AddConstraint: ({ def }, table) =>
    def && 'Constraint' in def ? addConstraint(def.Constraint, table) : undefined,
  AT_AlterColumnType: ({ name = '', def }, table, catalog) =>
    def && 'ColumnDef' in def
      ? { work: typeChangeWork(table, name, def.ColumnDef, catalog), others: related(table, name, catalog) }
      : undefined,
  AT_SetNotNull: ({ name = '' }, table) => ({ work: provesNotNull(table, name) ? 'brief' : 'scan' }),
  AT_ValidateConstraint: ({ name = '' }, table) => validate(table, name),
  AT_DropConstraint: ({ name = '' }, table) => ({ others: parents(table, (it) => it.name === name) }),
  AT_DropColumn: ({ name = '' }, table) => ({ others: parents(table, (it) => it.columns.includes(name)) }),
  AT_AttachPartition: ({ def }, table, catalog) => ({
    work: 'scan',
    others: [...partitionLock(def), ...defaultLock(table, catalog)],
  }),
  AT_DetachPartition: ({ def }, table, catalog) => ({
    others: [...partitionLock(def), ...defaultLock(table, catalog)],
    ...(def && 'PartitionCmd' in def && def.PartitionCmd.concurrent && { mode: 'SHARE UPDATE EXCLUSIVE' }),
  }),
  AT_AddInherit: ({ def }) => ({
    others: def && 'RangeVar' in def ? [{ table: nameOf(def.RangeVar), mode: 'SHARE UPDATE EXCLUSIVE' }] : [],
  }),
};

/** Why a new column makes PostgreSQL write the table anew; undefined when it only changes the catalogue. */
export function columnRewrite(
  column: ColumnDef,
  catalog: Catalog,
): { because: 'serial' | 'identity' | 'generated' | 'volatile' | 'domain'; name?: string } | undefined {
  const type = nameOfParts(column.typeName?.names);
  if (/^(small|big)?serial[248]?$/.test(type.name)) return { because: 'serial' };
  if (catalog.domains.get(catalog.key(type))?.constrained) return { because: 'domain', name: type.name };
  for (const constraint of constraintsOf(column)) {
    if (constraint.contype === 'CONSTR_IDENTITY') return { because: 'identity' };
    if (constraint.contype === 'CONSTR_GENERATED') return { because: 'generated' };
    const name = constraint.contype === 'CONSTR_DEFAULT' && volatileFunction(constraint.raw_expr, catalog);
    if (name) return { because: 'volatile', name };
  }
  return undefined;
}

export const constraintsOf = (column: ColumnDef): Definition[] =>
  (column.constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

/** Whether a new column has a default that is not NULL. */
export const hasDefault = (column: ColumnDef): boolean =>
  constraintsOf(column).some(
    ({ contype, raw_expr }) =>
      contype === 'CONSTR_DEFAULT' && !(raw_expr && 'A_Const' in raw_expr && raw_expr.A_Const.isnull),
  );

function addColumn(column: ColumnDef, catalog: Catalog): CommandLocks {
  const constraints = constraintsOf(column);
  const has = (...kinds: string[]) => constraints.some(({ contype = '' }) => kinds.includes(contype));
  const references = constraints.flatMap(({ pktable }) => (pktable ? [nameOf(pktable)] : []));
  const filled = hasDefault(column);
  // The constraints of a new column that is NULL everywhere hold; PostgreSQL knows that of foreign keys only.
  const scans =
    has('CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_CHECK') ||
    (has('CONSTR_NOTNULL') && !filled) ||
    (references.length > 0 && filled);
  return {
    mode: 'ACCESS EXCLUSIVE',
    work: columnRewrite(column, catalog) ? 'rewrite' : scans ? 'scan' : 'brief',
    others: references.map((table) => ({ table, mode: 'SHARE ROW EXCLUSIVE' })),
  };
}

function addConstraint(definition: Definition, table: Table | undefined): CommandLocks {
  const { contype, skip_validation, indexname, pktable } = definition;
  const isProven = indexname && (contype !== 'CONSTR_PRIMARY' || provesKey(table, indexname));
  const work = skip_validation || isProven ? 'brief' : 'scan';
  if (contype !== 'CONSTR_FOREIGN') return { mode: 'ACCESS EXCLUSIVE', work, others: [] };
  const mode = 'SHARE ROW EXCLUSIVE';
  return { mode, work, others: [{ table: nameOf(pktable), mode }] };
}

/** A primary key makes its columns NOT NULL, for which PostgreSQL reads the table even where the index is there. */
const provesKey = (table: Table | undefined, index: string): boolean =>
  table?.indexes.get(index)?.columns.every((column) => provesNotNull(table, column)) ?? false;

function typeChangeWork(table: Table | undefined, name: string, to: ColumnDef, catalog: Catalog): Work {
  const from = table?.columns.get(name)?.type;
  // Its own values by another road: PostgreSQL cannot see that they are the same.
  if (from === undefined || (to.raw_default && !isPlainCast(to, name))) return 'rewrite';
  const target = writeType(to.typeName);
  const isUtc = catalog.settings.get('timezone')?.toUpperCase() === 'UTC';
  if (!isFreeTypeChange({ from, to: target, isUtc })) return 'rewrite';
  // In another order, which another collation makes, an index has to be built anew.
  const isReordered = to.collClause !== undefined || !keepsIndexes(from, target);
  return isTested(table, name) || isRebuilt(table, name, isReordered) ? 'scan' : 'brief';
}

/** PostgreSQL does not judge whether an expression or a condition means the same for the new type: it begins anew. */
const isRebuilt = (table: Table | undefined, column: string, isReordered: boolean): boolean =>
  [...(table?.indexes.values() ?? [])]
    .filter(({ columns, mentions }) => columns.includes(column) || mentions.includes(column))
    .some(({ mentions }) => isReordered || mentions.length > 0);

const isTested = (table: Table | undefined, column: string): boolean =>
  [...(table?.constraints.values() ?? [])].some(
    ({ kind, valid, expression }) => kind === 'check' && valid && columnsIn(expression).includes(column),
  );

/** A foreign key is dropped and made again when the type of its column changes, on whichever side. */
function related(table: Table | undefined, column: string, catalog: Catalog): CommandLocks['others'] {
  const own = parents(table, ({ columns }) => columns.includes(column));
  const isKey = [...(table?.indexes.values() ?? [])].some((it) => it.unique && it.columns.includes(column));
  const children = table && isKey ? catalog.referencesTo(table) : [];
  return [...own, ...children.map((child) => ({ table: child.table, mode: 'ACCESS EXCLUSIVE' as const }))];
}

/** `USING column::type`, which is what PostgreSQL does anyway. */
function isPlainCast({ raw_default, typeName }: ColumnDef, name: string): boolean {
  if (!raw_default || !('TypeCast' in raw_default)) return false;
  const { arg, typeName: type } = raw_default.TypeCast;
  if (!arg || !('ColumnRef' in arg) || writeType(type) !== writeType(typeName)) return false;
  const [field] = arg.ColumnRef.fields ?? [];
  return field !== undefined && 'String' in field && field.String.sval === name;
}

function validate(table: Table | undefined, name: string): Partial<CommandLocks> {
  const references = table?.constraints.get(name)?.references;
  return { work: 'scan', others: references ? [{ table: references, mode: 'ROW SHARE' }] : [] };
}

/** Dropping a foreign key drops its triggers on the other table too. */
function parents(
  table: Table | undefined,
  isDropped: (constraint: { name: string; columns: string[] }) => boolean,
) {
  return [...(table?.constraints.values() ?? [])]
    .filter((constraint) => constraint.references && isDropped(constraint))
    .map(({ references }) => ({ table: references as Name, mode: 'ACCESS EXCLUSIVE' as const }));
}

const partitionLock = (def: AlterTableCmd['def']): CommandLocks['others'] =>
  def && 'PartitionCmd' in def ? [{ table: nameOf(def.PartitionCmd.name), mode: 'ACCESS EXCLUSIVE' }] : [];

const defaultLock = (parent: Table | undefined, catalog: Catalog): CommandLocks['others'] =>
  (parent ? catalog.defaultPartitionsOf(parent) : []).map((table) => ({ table, mode: 'ACCESS EXCLUSIVE' }));
