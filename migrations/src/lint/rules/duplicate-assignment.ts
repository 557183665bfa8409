import type { Node } from 'libpg-query';
import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const duplicateAssignment: Rule = {
  id: 'duplicate-assignment',
  title: 'A column that gets two values at once',
  level: 'error',
  *check({ node }) {
    const statement =
      'UpdateStmt' in node ? node.UpdateStmt : 'InsertStmt' in node ? node.InsertStmt : undefined;
    if (!statement) return;
    const lists = 'cols' in statement ? [statement.cols, statement.onConflictClause?.targetList] : [];
    for (const column of [...lists, 'targetList' in statement ? statement.targetList : []].flatMap(
      repeated,
    )) {
      yield {
        message: `${writeIdentifier(column)} of ${writeName(nameOf(statement.relation))} is assigned twice, so the statement fails and the deploy with it.`,
        help: 'Keep one of the two.',
      };
    }
  },
};

/** An element of an array may be set beside another one. */
function repeated(targets: Node[] = []): string[] {
  const names = targets.flatMap((target) =>
    'ResTarget' in target && !target.ResTarget.indirection ? [target.ResTarget.name ?? ''] : [],
  );
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
