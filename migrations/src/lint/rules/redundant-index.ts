import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const redundantIndex: Rule = {
  id: 'redundant-index',
  title: 'An index that another one already serves',
  level: 'advice',
  *check({ node, catalog, final }) {
    if (!('IndexStmt' in node) || node.IndexStmt.unique) return;
    const { idxname = '', relation } = node.IndexStmt;
    const table = catalog.table(nameOf(relation));
    const kept = final.table(nameOf(relation))?.indexes;
    const own = kept?.get(idxname);
    if (!table || !own?.plain) return;
    const other = [...table.indexes.values()].find(
      ({ name, plain, columns }) =>
        // One that this one is to replace is still there.
        kept?.has(name) && plain && own.columns.every((column, position) => columns[position] === column),
    );
    if (!other) return;
    yield {
      message: `${writeIdentifier(other.name)} begins with the same columns of ${writeName(table)}, so it serves every query this index would, and each write pays for both.`,
      help: `Leave ${writeIdentifier(idxname)} out: remove its @@index from schema.prisma.`,
    };
  },
};
