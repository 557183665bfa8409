import type { Node } from 'libpg-query';
import type { Table } from '../../locks/index.js';
import { nameOf, textsOf, walk, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';
import { instead } from '../words.js';

export const unbatchedWrite: Rule = {
  id: 'unbatched-write',
  title: 'A write to all rows of a table at once',
  level: 'error',
  *check(context) {
    const write = describe(context);
    if (!write || context.catalog.isNew(write.table)) return;
    const known = context.catalog.table(write.table);
    if (write.where && isBounded(write.where, known)) return;
    yield {
      message: `${write.what} changes any number of rows of ${writeName(write.table)} in one transaction: each stays locked (writes to it wait) until the last is done, and the table grows by a copy of each.`,
      help: instead(
        'Write in batches that commit: `yarn db data new`. If there can only be a few rows, say so:',
        '-- lint: allow unbatched-write because REASON',
      ),
    };
  },
};

function describe({ node }: StatementContext) {
  if ('UpdateStmt' in node) {
    const { relation, whereClause: where } = node.UpdateStmt;
    return { what: 'UPDATE', table: nameOf(relation), where };
  }
  if (!('DeleteStmt' in node)) return undefined;
  const { relation, whereClause: where } = node.DeleteStmt;
  return { what: 'DELETE', table: nameOf(relation), where };
}

/** A key compared with constants, or rows chosen by a query with a LIMIT. */
function isBounded(where: Node, table: Table | undefined): boolean {
  if ('BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR')
    return (where.BoolExpr.args ?? []).some((each) => isBounded(each, table));
  if ('SubLink' in where) return hasLimit(where);
  if (!('A_Expr' in where)) return false;
  const { kind, lexpr, rexpr, name } = where.A_Expr;
  const column = lexpr && 'ColumnRef' in lexpr ? textsOf(lexpr.ColumnRef.fields).at(-1) : undefined;
  const isEqual = (kind === 'AEXPR_OP' && textsOf(name)[0] === '=') || kind === 'AEXPR_IN';
  return isEqual && column !== undefined && isKey(column, table) && isConstant(rexpr);
}

function hasLimit(query: Node): boolean {
  let found = false;
  walk(query, (kind, fields) => {
    if (kind === 'SelectStmt' && fields.limitCount) found = true;
  });
  return found;
}

const isKey = (column: string, table: Table | undefined) =>
  [...(table?.indexes.values() ?? [])].some(
    ({ unique, plain, columns }) => unique && plain && columns.length === 1 && columns[0] === column,
  );

function isConstant(node: Node | undefined): boolean {
  let isFixed = node !== undefined;
  walk(node, (kind) => {
    if (kind === 'ColumnRef' || kind === 'SubLink') isFixed = false;
  });
  return isFixed;
}
