import type { Node } from 'libpg-query';
import { textsOf } from '../sql/index.js';
import type { Table } from './catalog.js';

/** Whether PostgreSQL can see that a column holds no NULL without reading the table: NOT NULL already, or a valid check. */
export function provesNotNull(table: Table | undefined, column: string): boolean {
  if (table?.columns.get(column)?.notNull) return true;
  return [...(table?.constraints.values() ?? [])].some(
    ({ kind, valid, expression }) => kind === 'check' && valid && impliesNotNull(expression, column),
  );
}

/** Of an AND one part is enough, of an OR all parts must say so. */
export function impliesNotNull(expression: Node | undefined, column: string): boolean {
  if (!expression) return false;
  if ('NullTest' in expression) {
    const { nulltesttype, arg } = expression.NullTest;
    return nulltesttype === 'IS_NOT_NULL' && isColumn(arg, column);
  }
  if (!('BoolExpr' in expression)) return false;
  const { boolop, args = [] } = expression.BoolExpr;
  if (boolop === 'AND_EXPR') return args.some((each) => impliesNotNull(each, column));
  return boolop === 'OR_EXPR' && args.every((each) => impliesNotNull(each, column));
}

const isColumn = (node: Node | undefined, column: string) =>
  node !== undefined && 'ColumnRef' in node && textsOf(node.ColumnRef.fields).at(-1) === column;
