import { nameOfObject, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';

export const dropCascade: Rule = {
  id: 'drop-cascade',
  title: 'A drop that takes along what depends on it',
  level: 'error',
  *check(context) {
    for (const what of cascading(context)) {
      yield {
        message: `CASCADE drops whatever depends on ${what} without naming it: foreign keys, views, columns, and takes ACCESS EXCLUSIVE on the tables they belong to (reads and writes wait).`,
        help: 'Drop what depends on it by name first, then this without CASCADE.',
      };
    }
  },
};

function cascading({ node, alterations, catalog }: StatementContext): string[] {
  if ('DropStmt' in node && node.DropStmt.behavior === 'DROP_CASCADE') {
    const names = (node.DropStmt.objects ?? []).map(nameOfObject);
    return names.filter((name) => !catalog.isNew(name)).map(writeName);
  }
  return alterations
    .filter(({ isNew, command }) => !isNew && command.behavior === 'DROP_CASCADE')
    .map(({ table, command }) => `${command.name ?? ''} of ${writeName(table)}`);
}
