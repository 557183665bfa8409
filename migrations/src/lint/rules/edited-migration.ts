import type { Rule } from '../rule.js';

export const editedMigration: Rule = {
  id: 'edited-migration',
  title: 'A migration that was changed after it was applied',
  level: 'error',
  *checkMigration({ migration, applied }) {
    if (!applied?.names.has(migration.name) || applied.isUnchanged(migration)) return;
    yield {
      message: `${migration.name} is not what ${applied.where} has: where it was applied the change never runs, and new databases come out different.`,
      help: 'Restore the file, and make the change in a new migration.',
    };
  },
};
