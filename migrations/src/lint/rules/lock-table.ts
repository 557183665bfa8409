import { lockModes, stopsWrites } from '../../locks/index.js';
import { nameOf } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const lockTable: Rule = {
  id: 'lock-table',
  title: 'A table that is locked by hand',
  level: 'error',
  *check({ node, catalog }) {
    if (!('LockStmt' in node)) return;
    const { relations = [], mode: number = lockModes.length } = node.LockStmt;
    const mode = lockModes[number - 1]?.mode ?? 'ACCESS EXCLUSIVE';
    if (!stopsWrites(mode)) return;
    const tables = relations.flatMap((it) => ('RangeVar' in it ? [nameOf(it.RangeVar)] : []));
    for (const table of tables.filter((each) => !catalog.isNew(each))) {
      yield {
        message: `LOCK TABLE ${takes(mode, table)} until the migration commits.`,
        help: instead(
          'Remove it: each statement takes the lock it needs. If an order must be kept, say so:',
          '-- lint: allow lock-table because REASON',
        ),
      };
    }
  },
};
