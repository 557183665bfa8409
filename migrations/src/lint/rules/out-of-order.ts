import type { Rule } from '../rule.js';

export const outOfOrder: Rule = {
  id: 'out-of-order',
  title: 'A new migration that sorts before one that was applied',
  level: 'error',
  *checkMigration({ migration, applied }) {
    if (!applied || applied.names.has(migration.name)) return;
    const newest = [...applied.names].sort().at(-1);
    if (newest === undefined || newest < migration.name) return;
    yield {
      message: `${migration.name} comes before ${newest}, which ${applied.where} already has: there it runs after it, in a new database before it.`,
      help: 'Rename its folder to a time of now (YYYYMMDDHHMMSS_…) and run the tests again.',
    };
  },
};
