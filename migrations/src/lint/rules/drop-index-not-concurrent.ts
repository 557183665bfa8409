import { nameOfObject, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const dropIndexNotConcurrent: Rule = {
  id: 'drop-index-not-concurrent',
  title: 'An index that is dropped while reads and writes wait',
  level: 'error',
  *check({ node, catalog }) {
    if (!('DropStmt' in node)) return;
    const { removeType, concurrent, objects = [], missing_ok } = node.DropStmt;
    if (removeType !== 'OBJECT_INDEX' || concurrent) return;
    for (const index of objects.map(nameOfObject)) {
      const table = catalog.tableOfIndex(index);
      if (table?.isNew) continue;
      const lock = table
        ? takes('ACCESS EXCLUSIVE', table)
        : 'takes ACCESS EXCLUSIVE on its table: reads and writes wait';
      yield {
        message: `DROP INDEX ${writeName(index)} ${lock}, and queue behind every query that runs at that moment.`,
        help: instead(
          'Drop it without stopping anyone, alone in a migration of its own:',
          `DROP INDEX CONCURRENTLY ${missing_ok ? 'IF EXISTS ' : ''}${writeName(index)};`,
        ),
      };
    }
  },
};
