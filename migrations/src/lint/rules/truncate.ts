import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const truncate: Rule = {
  id: 'truncate',
  title: 'A table that is emptied',
  level: 'error',
  *check({ node, catalog }) {
    if (!('TruncateStmt' in node)) return;
    const { relations = [], behavior } = node.TruncateStmt;
    const tables = relations.flatMap((it) => ('RangeVar' in it ? [nameOf(it.RangeVar)] : []));
    for (const table of tables.filter((each) => !catalog.isNew(each))) {
      const reached =
        behavior === 'DROP_CASCADE' ? catalog.referencesTo(table).map((it) => writeName(it.table)) : [];
      const also = reached.length > 0 ? `, and empties ${reached.join(', ')} as well` : '';
      yield {
        message: `TRUNCATE ${takes('ACCESS EXCLUSIVE', table)}, and every row is gone for good${also}.`,
        help: instead(
          'Delete the rows that are not needed in batches (`yarn db data new`). If the table is to be emptied, name every table, without CASCADE, and say so:',
          '-- lint: allow truncate because REASON',
        ),
      };
    }
  },
};
