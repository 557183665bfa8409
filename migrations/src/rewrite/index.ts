import { readStatements, type Statement } from '../sql/index.js';
import { createContext, type RewriteOptions } from './context.js';
import { joinForeignKeys } from './foreign-key.js';
import { group } from './group.js';
import { rewriteStatement, rewriteTransaction } from './statement.js';

export type { Fill, RewriteOptions } from './context.js';
export { type ColumnToFill, columnsToFill } from './fills.js';
export type { Draft } from './group.js';
export { addedKey } from './index-changes.js';
export { serials } from './serial.js';

/** What Prisma generated, as migrations that stop readers and writers for a moment at most. */
export async function rewrite(sql: string, options: RewriteOptions) {
  const statements = joinForeignKeys((await readStatements(sql)) ?? [], options.before);
  const context = createContext(statements, options);
  const pieces = transactions(statements).flatMap((block) => {
    const [only] = block;
    return block.length === 1 && only ? rewriteStatement(only, context) : rewriteTransaction(block, context);
  });
  return group(pieces);
}

/** Prisma writes some changes as BEGIN … COMMIT: they stay together; every other statement stands alone. */
function transactions(statements: Statement[]): Statement[][] {
  const blocks: Statement[][] = [];
  let open: Statement[] | undefined;
  for (const statement of statements) {
    const kind = 'TransactionStmt' in statement.node ? statement.node.TransactionStmt.kind : undefined;
    if (kind === 'TRANS_STMT_BEGIN') open = [];
    if (!open) blocks.push([statement]);
    open?.push(statement);
    if (open && kind === 'TRANS_STMT_COMMIT') {
      blocks.push(open);
      open = undefined;
    }
  }
  return open ? [...blocks, open] : blocks;
}
