import { writeIdentifier, writeName } from '../../sql/index.js';
import { addedConstraints } from '../constraints.js';
import type { Rule } from '../rule.js';
import { alterTable, constraintName, instead, nextMigration, takes } from '../words.js';

export const checkConstraint: Rule = {
  id: 'check-constraint',
  title: 'A check that reads every row while reads and writes wait',
  level: 'error',
  *check(context) {
    for (const { table, definition, column } of addedConstraints(context, 'CONSTR_CHECK')) {
      if (definition.skip_validation) continue;
      const conname = definition.conname ?? constraintName(table, ...(column ? [column] : []), 'check');
      const later = { ...definition, conname, skip_validation: true, initially_valid: false };
      yield {
        message: `Adding a check ${takes('ACCESS EXCLUSIVE', table)} until every row is checked.`,
        help: instead(
          `Add ${column ? 'the column alone, then the check' : 'it'} without checking old rows, and check them in a later migration, while everyone reads and writes:`,
          alterTable(table, { subtype: 'AT_AddConstraint', def: { Constraint: later } }),
          nextMigration,
          `ALTER TABLE ${writeName(table)} VALIDATE CONSTRAINT ${writeIdentifier(conname)};`,
        ),
      };
    }
  },
};
