import type { DropStmt, IndexStmt } from 'libpg-query';
import { quote } from '../renames/index.js';
import { type Name, nameOfObject, nameOf as readName } from '../sql/index.js';
import type { RewriteContext } from './context.js';
import type { Piece } from './piece.js';
import { nameOf, print, shortName } from './sql.js';

/** An index is built while others read and write; where an old one bears its name, it gets that when the old one is gone. */
export function buildIndex(statement: IndexStmt, { before }: RewriteContext): Piece[] {
  const name = statement.idxname ?? '';
  const table = nameOf(statement.relation);
  const isTaken = before.table(readName(statement.relation))?.indexes.has(name) ?? false;
  const first = isTaken ? shortName('new', name) : name;
  const schema = statement.relation?.schemaname;
  const build: Piece = {
    phase: 'index',
    locks: [],
    sql: print({ IndexStmt: { ...statement, idxname: first, concurrent: true } }),
    alone: true,
    label: `build_${name}`,
  };
  if (!isTaken) return [build];
  const index = nameOf({ ...(schema && { schemaname: schema }), relname: first });
  const rename = `ALTER INDEX ${index} RENAME TO ${quote(name)};`;
  return [build, { phase: 'replaced', locks: [table], sql: rename, label: `rename_${name}` }];
}

export function dropIndex({ objects: [object] = [] }: DropStmt, context: RewriteContext): Piece {
  const { schema, name } = nameOfObject(object);
  return {
    phase: isReplaced({ schema, name }, context) ? 'replaced' : 'drop',
    locks: [],
    sql: `DROP INDEX CONCURRENTLY ${nameOf({ ...(schema && { schemaname: schema }), relname: name })};`,
    alone: true,
    label: `drop_${name}`,
  };
}

/** Whether an index can serve until another one of its table does. Not so where a column goes, and the index with it. */
function isReplaced(index: Name, context: RewriteContext): boolean {
  const { before, indexes, fills } = context;
  const owner = before.tableOfIndex(index);
  const old = owner?.indexes.get(index.name);
  if (!owner || !old) return false;
  const table = nameOf({ schemaname: owner.schema, relname: owner.name });
  const dropped = indexes.droppedColumns.get(table) ?? [];
  if (dropped.some((column) => !old.plain || old.columns.includes(column))) return false;
  // It may forbid the values that are filled in.
  if (old.unique && old.columns.some((column) => fills.has(`${table}.${column}`))) return false;
  return indexes.built.has(table);
}
