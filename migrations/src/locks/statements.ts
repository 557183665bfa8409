import type { CreateStmt, DropStmt, Node, RangeVar } from 'libpg-query';
import { dispatch, type Name, type NodeTable, nameOf, nameOfObject, textsOf, walk } from '../sql/index.js';
import { locksOfCommand } from './alter-table.js';
import type { Catalog } from './catalog.js';
import type { LockMode, Work } from './modes.js';

/** A lock as a statement takes it, before several on one table are put together. */
export interface RawLock {
  table: Name;
  mode: LockMode;
  work: Work;
}

const one = (table: RangeVar | undefined, mode: LockMode, work: Work = 'brief'): RawLock[] =>
  table ? [{ table: nameOf(table), mode, work }] : [];

/** What each kind of statement locks. Kinds that are not here lock no table. */
const readers: NodeTable<[Catalog], RawLock[]> = {
  AlterTableStmt: ({ relation, cmds = [], objtype }, catalog) => {
    if (objtype === 'OBJECT_INDEX') return [];
    const target = nameOf(relation);
    return cmds.flatMap((node) => {
      if (!('AlterTableCmd' in node)) return [];
      const { mode, work, others } = locksOfCommand(node.AlterTableCmd, target, catalog);
      return [{ table: target, mode, work }, ...others.map((other) => ({ ...other, work }))];
    });
  },
  IndexStmt: ({ relation, concurrent }) =>
    one(relation, concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', 'scan'),
  ReindexStmt: ({ kind, relation, params = [] }, catalog) => {
    const mode = params.some((it) => 'DefElem' in it && it.DefElem.defname === 'concurrently')
      ? 'SHARE UPDATE EXCLUSIVE'
      : 'SHARE';
    if (kind === 'REINDEX_OBJECT_TABLE') return one(relation, mode, 'scan');
    const table = kind === 'REINDEX_OBJECT_INDEX' && catalog.tableOfIndex(nameOf(relation));
    return table ? [{ table, mode, work: 'scan' }] : [];
  },
  DropStmt: drop,
  CreateStmt: createTable,
  RenameStmt: ({ renameType = '', relation }) => {
    const names = [
      'OBJECT_TABLE',
      'OBJECT_COLUMN',
      'OBJECT_TABCONSTRAINT',
      'OBJECT_TRIGGER',
      'OBJECT_POLICY',
      'OBJECT_RULE',
    ];
    return names.includes(renameType) ? one(relation, 'ACCESS EXCLUSIVE') : [];
  },
  AlterObjectSchemaStmt: ({ objectType, relation }) =>
    objectType === 'OBJECT_TABLE' ? one(relation, 'ACCESS EXCLUSIVE') : [],
  TruncateStmt: ({ relations = [], behavior }, catalog) => {
    const listed = relations.flatMap((node) => ('RangeVar' in node ? [nameOf(node.RangeVar)] : []));
    const reached = behavior === 'DROP_CASCADE' ? listed.flatMap((name) => catalog.referencesTo(name)) : [];
    const all = [...listed, ...reached.map(({ table }) => table)];
    return all.map((table) => ({ table, mode: 'ACCESS EXCLUSIVE', work: 'brief' }));
  },
  CreateTrigStmt: ({ relation, constrrel }) => [
    ...one(relation, 'SHARE ROW EXCLUSIVE'),
    ...one(constrrel, 'ACCESS SHARE'),
  ],
  CreatePolicyStmt: ({ table }) => one(table, 'ACCESS EXCLUSIVE'),
  AlterPolicyStmt: ({ table }) => one(table, 'ACCESS EXCLUSIVE'),
  RuleStmt: ({ relation }) => one(relation, 'ACCESS EXCLUSIVE'),
  CreateStatsStmt: ({ relations = [] }) => named(relations, 'SHARE UPDATE EXCLUSIVE'),
  RefreshMatViewStmt: ({ relation, concurrent }) =>
    one(relation, concurrent ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', concurrent ? 'scan' : 'rewrite'),
  ClusterStmt: ({ relation }) => one(relation, 'ACCESS EXCLUSIVE', 'rewrite'),
  VacuumStmt: ({ rels = [], options = [] }) => {
    const full = options.some((it) => 'DefElem' in it && it.DefElem.defname === 'full');
    const tables = rels.flatMap((it) => ('VacuumRelation' in it ? [it.VacuumRelation.relation] : []));
    return tables.flatMap((table) =>
      one(table, full ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE', full ? 'rewrite' : 'scan'),
    );
  },
  LockStmt: ({ relations = [], mode = 8 }) => named(relations, numberedModes[mode - 1] ?? 'ACCESS EXCLUSIVE'),
  CommentStmt: ({ objtype, object }) => {
    const parts = object && 'List' in object ? textsOf(object.List.items) : [];
    const path = objtype === 'OBJECT_TABLE' ? parts : objtype === 'OBJECT_COLUMN' ? parts.slice(0, -1) : [];
    if (path.length === 0) return [];
    return [
      {
        table: { schema: path.at(-2), name: path.at(-1) ?? '' },
        mode: 'SHARE UPDATE EXCLUSIVE',
        work: 'brief',
      },
    ];
  },
  InsertStmt: ({ relation, ...rest }) => [...one(relation, 'ROW EXCLUSIVE', 'rows'), ...readsOf(rest)],
  UpdateStmt: ({ relation, ...rest }) => [...one(relation, 'ROW EXCLUSIVE', 'rows'), ...readsOf(rest)],
  DeleteStmt: ({ relation, ...rest }) => [...one(relation, 'ROW EXCLUSIVE', 'rows'), ...readsOf(rest)],
  MergeStmt: ({ relation, ...rest }) => [...one(relation, 'ROW EXCLUSIVE', 'rows'), ...readsOf(rest)],
  CopyStmt: ({ relation, is_from }) =>
    is_from ? one(relation, 'ROW EXCLUSIVE', 'rows') : one(relation, 'ACCESS SHARE', 'scan'),
  SelectStmt: (statement) => readsOf(statement),
  ViewStmt: ({ query }) => readsOf(query, 'brief'),
  CreateTableAsStmt: ({ query }) => readsOf(query, 'scan'),
};

const numberedModes: LockMode[] = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
];

/** Every lock of a statement. */
export const rawLocks = (node: Node, catalog: Catalog): RawLock[] => dispatch(readers, node, catalog) ?? [];

const named = (relations: Node[], mode: LockMode): RawLock[] =>
  relations.flatMap((node) => ('RangeVar' in node ? one(node.RangeVar, mode) : []));

const writers = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

/** The tables a query reads, and those that its WITH writes to. */
function readsOf(query: unknown, work: Work = 'scan'): RawLock[] {
  const locks: RawLock[] = [];
  walk(query, (kind, fields) => {
    if (kind === 'RangeVar') locks.push(...one(fields as RangeVar, 'ACCESS SHARE', work));
    if (writers.has(kind)) locks.push(...one(fields.relation as RangeVar, 'ROW EXCLUSIVE', 'rows'));
  });
  return locks;
}

function createTable(
  { relation, inhRelations = [], partbound, tableElts = [] }: CreateStmt,
  catalog: Catalog,
): RawLock[] {
  const own = nameOf(relation);
  const locks = partbound
    ? partitionLocks(inhRelations, catalog)
    : named(inhRelations, 'SHARE UPDATE EXCLUSIVE');
  walk(tableElts, (kind, fields) => {
    if (kind === 'Constraint')
      locks.push(...one(fields.pktable as RangeVar | undefined, 'SHARE ROW EXCLUSIVE'));
    if (kind === 'TableLikeClause') locks.push(...one(fields.relation as RangeVar, 'ACCESS SHARE'));
  });
  return locks.filter(({ table }) => !(table.name === own.name && table.schema === own.schema));
}

function partitionLocks(parents: Node[], catalog: Catalog): RawLock[] {
  const locks = named(parents, 'ACCESS EXCLUSIVE');
  const defaults = locks.flatMap(({ table }) => catalog.defaultPartitionsOf(table));
  if (defaults.length === 0) return locks;
  const read = { mode: 'ACCESS EXCLUSIVE', work: 'scan' } as const;
  return [...locks, ...defaults.map((table) => ({ table }))].map(({ table }) => ({ table, ...read }));
}

function drop({ removeType, objects = [], concurrent }: DropStmt, catalog: Catalog): RawLock[] {
  const exclusive = (table: Name): RawLock => ({ table, mode: 'ACCESS EXCLUSIVE', work: 'brief' });
  switch (removeType) {
    case 'OBJECT_TABLE':
      return objects.map(nameOfObject).flatMap((name) => {
        const constraints = [...(catalog.table(name)?.constraints.values() ?? [])];
        const parents = constraints.flatMap(({ references }) => (references ? [references] : []));
        return [name, ...parents, ...catalog.referencesTo(name).map(({ table }) => table)].map(exclusive);
      });
    case 'OBJECT_MATVIEW':
    case 'OBJECT_VIEW':
      return objects.map(nameOfObject).map(exclusive);
    case 'OBJECT_INDEX':
      return objects.flatMap((object) => {
        const table = catalog.tableOfIndex(nameOfObject(object));
        const mode = concurrent ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
        return table ? [{ table, mode, work: 'brief' }] : [];
      });
    case 'OBJECT_TRIGGER':
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
      return objects.flatMap((object) => {
        const path = 'List' in object ? textsOf(object.List.items).slice(0, -1) : [];
        return [exclusive({ schema: path.at(-2), name: path.at(-1) ?? '' })];
      });
    default:
      return [];
  }
}
