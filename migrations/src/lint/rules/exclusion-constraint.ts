import { addedConstraints } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const exclusionConstraint: Rule = {
  id: 'exclusion-constraint',
  title: 'An exclusion constraint on a table in use',
  level: 'error',
  *check(context) {
    for (const { table } of addedConstraints(context, 'CONSTR_EXCLUSION')) {
      yield {
        message: `Adding an exclusion constraint ${takes('ACCESS EXCLUSIVE', table)} until its index is built; it has no form that comes later.`,
        help: instead(
          'Give it to a new table and move the rows there, or add it when nobody uses the table and say when:',
          '-- lint: allow exclusion-constraint because REASON',
        ),
      };
    }
  },
};
