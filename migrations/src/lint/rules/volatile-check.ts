import type { Constraint } from 'libpg-query';
import { unsteadyFunction } from '../../locks/index.js';
import { walk } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const volatileCheck: Rule = {
  id: 'volatile-check',
  title: 'A check that holds only at the moment a row is written',
  level: 'error',
  *check({ node, catalog }) {
    const checks: Constraint[] = [];
    if ('AlterTableStmt' in node || 'CreateStmt' in node) {
      walk(node, (kind, fields) => {
        if (kind === 'Constraint' && fields.contype === 'CONSTR_CHECK') checks.push(fields as Constraint);
      });
    }
    for (const { raw_expr } of checks) {
      const name = unsteadyFunction(raw_expr, catalog);
      if (!name) continue;
      yield {
        message: `The check calls ${name}, whose answer changes: rows that pass today break it later without anyone noticing, and restoring a backup fails on them.`,
        help: 'Check in a trigger or in the service, or compare with a value that the row holds. If the function never changes its answer, declare it IMMUTABLE.',
      };
    }
  },
};
