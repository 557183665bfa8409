import { provesNotNull } from '../../locks/index.js';
import { textsOf, writeIdentifier, writeName } from '../../sql/index.js';
import { addedConstraints } from '../constraints.js';
import type { Rule } from '../rule.js';
import { constraintName, instead, nextMigration, takes } from '../words.js';

export const primaryKey: Rule = {
  id: 'primary-key',
  title: 'A primary key whose index is built while reads and writes wait',
  level: 'error',
  *check(context) {
    for (const { table, definition, column } of addedConstraints(context, 'CONSTR_PRIMARY')) {
      const known = context.catalog.table(table);
      const fromIndex = known?.indexes.get(definition.indexname ?? '')?.columns;
      const columns = fromIndex ?? (column ? [column] : textsOf(definition.keys));
      if (definition.indexname && columns.every((each) => provesNotNull(known, each))) continue;
      const name = writeIdentifier(definition.conname ?? constraintName(table, 'pkey'));
      yield {
        message: `Adding a primary key ${takes('ACCESS EXCLUSIVE', table)} while the table is read twice: for NULLs and to build the index.`,
        help: instead(
          'Build the index first, alone in a migration of its own; see set-not-null for columns that may be NULL:',
          `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${writeName(table)} (${columns.map(writeIdentifier).join(', ')});`,
          nextMigration,
          `ALTER TABLE ${writeName(table)} ADD CONSTRAINT ${name} PRIMARY KEY USING INDEX ${name};`,
        ),
      };
    }
  },
};
