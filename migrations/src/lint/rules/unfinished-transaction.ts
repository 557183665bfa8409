import type { Rule } from '../rule.js';

export const unfinishedTransaction: Rule = {
  id: 'unfinished-transaction',
  title: 'BEGIN without COMMIT',
  level: 'error',
  squawk: ['ban-uncommitted-transaction'],
  *check({ squawk, node }) {
    if (squawk.length === 0 || !('TransactionStmt' in node)) return;
    yield {
      message: 'No COMMIT follows: the migration counts as applied and nothing of it is kept.',
      help: 'End the file with COMMIT;, or remove BEGIN: a migration is one transaction by itself.',
    };
  },
};
