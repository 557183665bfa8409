import type { DropStmt, Node, RenameStmt } from 'libpg-query';
import { nameOfObject, nameOf as readName, type Statement } from '../sql/index.js';
import { rewriteAlterTable } from './alter-table.js';
import type { RewriteContext } from './context.js';
import { addValue } from './enum-value.js';
import { buildIndex, dropIndex } from './indexes.js';
import type { Piece } from './piece.js';
import { nameOf } from './sql.js';

/** One statement as Prisma writes it, in the form that stops nobody. */
export function rewriteStatement({ node, text }: Statement, context: RewriteContext): Piece[] {
  const main = (locks: string[]): Piece => ({ phase: 'main', locks, sql: `${text};`, label: 'change' });
  if ('IndexStmt' in node) {
    const table = nameOf(node.IndexStmt.relation);
    return context.made.has(table) ? [main([])] : buildIndex(node.IndexStmt, context);
  }
  if ('DropStmt' in node) return drop(node.DropStmt, text, context);
  if ('AlterTableStmt' in node) {
    const table = nameOf(node.AlterTableStmt.relation);
    const existing = rewriteAlterTable(node.AlterTableStmt, context);
    if (!context.made.has(table)) return existing;
    const locks = parents(node);
    // One migration later somebody may be using the table.
    return [{ ...main(locks), ...(locks.length > 0 && { otherwise: existing }) }];
  }
  if ('AlterEnumStmt' in node && !node.AlterEnumStmt.oldVal)
    return [addValue(node.AlterEnumStmt, context.enums)];
  if ('RenameStmt' in node && isKeyDropped(node.RenameStmt, context)) return [];
  if ('RenameStmt' in node) return [{ ...main(tableRenamed(node.RenameStmt, context)), label: 'rename' }];
  return [main([])];

  function parents(value: unknown): string[] {
    if (typeof value !== 'object' || value === null) return [];
    const own = 'pktable' in value && value.pktable ? [nameOf(value.pktable)] : [];
    return [...own, ...Object.values(value).flatMap(parents)].filter((name) => !context.made.has(name));
  }
}

/** The existing table that a rename concerns, under its new name; none for a type or a sequence. */
function tableRenamed({ renameType, relation, newname }: RenameStmt, { before }: RewriteContext): string[] {
  if (!relation || renameType === 'OBJECT_SEQUENCE') return [];
  if (renameType === 'OBJECT_TABLE') return [nameOf({ ...relation, relname: newname })];
  if (renameType !== 'OBJECT_INDEX') return [nameOf(relation)];
  const table = before.tableOfIndex(readName(relation));
  // None has the name that an index bears only on the way to another.
  return table ? [nameOf({ schemaname: table.schema, relname: table.name })] : [];
}

/** Prisma gives the old primary key the name of the new one, too, where it drops it for that. */
const isKeyDropped = (
  { renameType, relation, subname = '' }: RenameStmt,
  { before, indexes }: RewriteContext,
): boolean =>
  renameType === 'OBJECT_TABCONSTRAINT' &&
  before.table(readName(relation))?.constraints.get(subname)?.kind === 'primary' &&
  indexes.droppedConstraints.has(`${nameOf(relation)}.${subname}`);

/** A block that belongs together: Prisma makes an enum anew in one, with every column that uses it. */
export function rewriteTransaction(block: Statement[], context: RewriteContext): Piece[] {
  const tables = block.flatMap(({ node }) =>
    'AlterTableStmt' in node ? [nameOf(node.AlterTableStmt.relation)] : [],
  );
  const reason =
    tables.length > 0 ? context.allowRewrite(`columns of ${[...new Set(tables)].join(', ')}`) : '';
  const sql = block
    .map(({ node, text }) => (changesType(node) ? `${reason}\n${text};` : `${text};`))
    .join('\n');
  return [{ phase: 'main', locks: tables, sql, alone: true, label: 'change_type' }];
}

const changesType = (node: Node): boolean =>
  'AlterTableStmt' in node &&
  (node.AlterTableStmt.cmds ?? []).some(
    (command) => 'AlterTableCmd' in command && command.AlterTableCmd.subtype === 'AT_AlterColumnType',
  );

function drop(statement: DropStmt, text: string, context: RewriteContext): Piece[] {
  if (statement.removeType === 'OBJECT_INDEX') return [dropIndex(statement, context)];
  const [object] = statement.objects ?? [];
  const { schema, name: bare } = nameOfObject(object);
  const name = nameOf({ ...(schema && { schemaname: schema }), relname: bare });
  return [{ phase: 'main', locks: [name], sql: `${text};`, label: `drop_${bare}` }];
}
