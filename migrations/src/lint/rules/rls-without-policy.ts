import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const rlsWithoutPolicy: Rule = {
  id: 'rls-without-policy',
  title: 'Row level security that hides every row',
  level: 'error',
  *check({ alterations, catalog, later }) {
    for (const { table, command } of alterations) {
      if (command.subtype !== 'AT_EnableRowSecurity' || (catalog.table(table)?.policies.size ?? 0) > 0)
        continue;
      const follows = later.some(
        ({ node }) =>
          'CreatePolicyStmt' in node && catalog.isSame(nameOf(node.CreatePolicyStmt.table), table),
      );
      if (follows) continue;
      yield {
        message: `With row level security and no policy, every row of ${writeName(table)} is hidden from the running service.`,
        help: instead(
          'Create the policy first, in the same migration:',
          `CREATE POLICY … ON ${writeName(table)} USING (…);`,
          `ALTER TABLE ${writeName(table)} ENABLE ROW LEVEL SECURITY;`,
        ),
      };
    }
  },
};
