import { writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const dropTrigger: Rule = {
  id: 'drop-trigger',
  title: 'A trigger that is dropped',
  level: 'advice',
  *check({ node, locks }) {
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TRIGGER') return;
    for (const { table } of locks.filter(({ isNew }) => !isNew)) {
      yield {
        message: `DROP TRIGGER takes ACCESS EXCLUSIVE on ${writeName(table)}: reads and writes wait until the migration commits. From then on rows change without what the trigger ensured.`,
        help: 'To change it: CREATE OR REPLACE TRIGGER, which lets reads go on and leaves no gap. To be rid of it: when no running version needs it any more, alone in a migration.',
      };
    }
  },
};
