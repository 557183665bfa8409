import { writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const replicaIdentity: Rule = {
  id: 'replica-identity',
  title: 'A table whose changes logical replication cannot tell',
  level: 'error',
  *check({ alterations }) {
    for (const { table, command } of alterations) {
      const { def, subtype } = command;
      if (subtype !== 'AT_ReplicaIdentity' || !def || !('ReplicaIdentityStmt' in def)) continue;
      if (def.ReplicaIdentityStmt.identity_type !== 'n') continue;
      yield {
        message: `Without a replica identity, every update and delete of ${writeName(table)} fails as soon as the table is published.`,
        help: instead(
          'Keep the primary key, or name a unique index of columns that are never null:',
          `ALTER TABLE ${writeName(table)} REPLICA IDENTITY USING INDEX …;`,
        ),
      };
    }
  },
};
