import type { ColumnDef, Constraint, Node } from 'libpg-query';
import { print } from './sql.js';

export const constraintsOf = ({ constraints = [] }: ColumnDef): Constraint[] =>
  constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));

export function printExpression(expression: Node): string {
  const select = print({
    SelectStmt: {
      targetList: [{ ResTarget: { val: expression } }],
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_NONE',
    },
  });
  return select.replace(/^SELECT /, '').replace(/;$/, '');
}
