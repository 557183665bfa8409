import type { Node, RangeVar } from 'libpg-query';
import { quote } from '../history/index.js';

/** A statement that PostgreSQL refuses inside a transaction, and what is needed to repeat it after a crash. */
export interface Alone {
  kind: 'build-index' | 'drop-index' | 'reindex' | 'detach' | 'block' | 'other';
  /** The table whose indexes it builds or whose partition it detaches, as `regclass` reads it. */
  table?: string;
  /** The partition it detaches. */
  partition?: string;
  /** The index it names, as `regclass` reads it. */
  index?: string;
  /** Readers and writers do not queue behind it while it waits, so it may wait as long as it takes. */
  patient: boolean;
}

/** Undefined for the many statements that can run in a transaction. */
export function mustRunAlone(node: Node): Alone | undefined {
  if ('IndexStmt' in node && node.IndexStmt.concurrent) {
    const { relation, idxname } = node.IndexStmt;
    return {
      kind: 'build-index',
      patient: true,
      table: regclass(relation),
      ...(idxname && { index: regclass({ ...relation, relname: idxname }) }),
    };
  }
  if ('DropStmt' in node && node.DropStmt.concurrent) {
    return { kind: 'drop-index', patient: true, index: listed(node.DropStmt.objects?.[0]) };
  }
  if ('ReindexStmt' in node) return reindex(node.ReindexStmt);
  if ('VacuumStmt' in node && node.VacuumStmt.is_vacuumcmd) {
    return { kind: 'other', patient: !hasOption(node.VacuumStmt.options, 'full') };
  }
  if ('ClusterStmt' in node && !node.ClusterStmt.relation) return { kind: 'other', patient: false };
  if ('AlterTableStmt' in node) return detach(node.AlterTableStmt);
  // It commits as it goes, and only rows wait for it, so it may take its time.
  if ('DoStmt' in node && commits(node.DoStmt.args)) return { kind: 'block', patient: true };
  return refusedInTransaction.some((name) => name in node) ? { kind: 'other', patient: false } : undefined;
}

/** Whether a block of code says COMMIT; what it says is in another language, of which no parser is at hand. */
const commits = (options: Node[] | undefined): boolean =>
  (options ?? []).some((option) => {
    const code = 'DefElem' in option && option.DefElem.defname === 'as' ? option.DefElem.arg : undefined;
    return code !== undefined && 'String' in code && /^\s*COMMIT\s*;/im.test(code.String.sval ?? '');
  });

const refusedInTransaction = [
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
  'CreateSubscriptionStmt',
  'DropSubscriptionStmt',
];

function reindex(statement: Extract<Node, { ReindexStmt: unknown }>['ReindexStmt']): Alone | undefined {
  const concurrently = hasOption(statement.params, 'concurrently');
  const target = regclass(statement.relation);
  switch (statement.kind) {
    case 'REINDEX_OBJECT_TABLE':
      return concurrently ? { kind: 'reindex', patient: true, table: target } : undefined;
    case 'REINDEX_OBJECT_INDEX':
      return concurrently ? { kind: 'reindex', patient: true, index: target } : undefined;
    default:
      return { kind: 'reindex', patient: concurrently };
  }
}

function regclass(relation: RangeVar | undefined): string {
  const { schemaname, relname = '' } = relation ?? {};
  return schemaname ? `${quote(schemaname)}.${quote(relname)}` : quote(relname);
}

function listed(node: Node | undefined): string {
  const items = node && 'List' in node ? (node.List.items ?? []) : [];
  return items.map((item) => quote('String' in item ? (item.String.sval ?? '') : '')).join('.');
}

const hasOption = (options: Node[] | undefined, name: string): boolean =>
  (options ?? []).some((option) => 'DefElem' in option && option.DefElem.defname === name);

function detach({
  relation,
  cmds,
}: Extract<Node, { AlterTableStmt: unknown }>['AlterTableStmt']): Alone | undefined {
  for (const command of cmds ?? []) {
    const def = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
    if (!def || !('PartitionCmd' in def) || !def.PartitionCmd.concurrent) continue;
    const partition = regclass(def.PartitionCmd.name);
    return { kind: 'detach', patient: true, table: regclass(relation), partition };
  }
  return undefined;
}
