import { provesNotNull } from '../../locks/index.js';
import { writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { constraintName, instead, nextMigration, takes } from '../words.js';

export const setNotNull: Rule = {
  id: 'set-not-null',
  title: 'NOT NULL without a valid check that proves it',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_SetNotNull')) {
      const column = command.name ?? '';
      if (provesNotNull(context.catalog.table(table), column)) continue;
      const proof = writeIdentifier(constraintName(table, column, 'not_null'));
      const alter = `ALTER TABLE ${writeName(table)}`;
      yield {
        message: `SET NOT NULL ${takes('ACCESS EXCLUSIVE', table)} until every row is read, and it fails if one is NULL.`,
        help: instead(
          'Prove it with a check first; PostgreSQL then reads nothing:',
          `${alter} ADD CONSTRAINT ${proof} CHECK (${writeIdentifier(column)} IS NOT NULL) NOT VALID;`,
          '-- in the next migration, when the old rows are filled:',
          `${alter} VALIDATE CONSTRAINT ${proof};`,
          nextMigration,
          `${alter} ALTER COLUMN ${writeIdentifier(column)} SET NOT NULL;`,
          `${alter} DROP CONSTRAINT ${proof};`,
        ),
      };
    }
  },
};
