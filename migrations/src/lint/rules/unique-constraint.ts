import { textsOf, writeIdentifier, writeName } from '../../sql/index.js';
import { addedConstraints } from '../constraints.js';
import type { Rule } from '../rule.js';
import { constraintName, instead, nextMigration, takes } from '../words.js';

export const uniqueConstraint: Rule = {
  id: 'unique-constraint',
  title: 'A unique constraint whose index is built while reads and writes wait',
  level: 'error',
  *check(context) {
    for (const { table, definition, column } of addedConstraints(context, 'CONSTR_UNIQUE')) {
      if (definition.indexname) continue;
      const columns = column ? [column] : textsOf(definition.keys);
      const name = writeIdentifier(definition.conname ?? constraintName(table, ...columns, 'key'));
      const list = columns.map(writeIdentifier).join(', ');
      yield {
        message: `Adding a unique constraint ${takes('ACCESS EXCLUSIVE', table)} until its index is built, and it fails on duplicates.`,
        help: instead(
          'Build the index first, alone in a migration of its own, then make it the constraint:',
          `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${writeName(table)} (${list});`,
          nextMigration,
          `ALTER TABLE ${writeName(table)} ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name};`,
        ),
      };
    }
  },
};
