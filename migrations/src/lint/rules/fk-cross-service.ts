import type { RangeVar } from 'libpg-query';
import { nameOf, walk, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const fkCrossService: Rule = {
  id: 'fk-cross-service',
  title: "A foreign key to another service's table",
  level: 'error',
  *check({ node, service }) {
    if (!service || !('AlterTableStmt' in node || 'CreateStmt' in node)) return;
    const parents = new Map<string, string>();
    walk(node, (kind, { pktable }) => {
      const parent = kind === 'Constraint' && pktable ? nameOf(pktable as RangeVar) : undefined;
      const owner = service.owners.get(parent?.schema ?? service.schema);
      if (parent && owner && owner !== service.name) parents.set(writeName(parent), owner);
    });
    for (const [parent, owner] of parents) {
      yield {
        message: `A foreign key to ${parent} ties ${service.name} to ${owner}: making it takes SHARE ROW EXCLUSIVE on ${owner}'s table (its writes wait), ${owner} cannot delete or move its rows alone, and the two can no longer have databases of their own.`,
        help: instead(
          `Keep the id in a column without a constraint, and follow ${owner}'s events to keep it true. If the tie is meant:`,
          '-- lint: allow fk-cross-service because REASON',
        ),
      };
    }
  },
};
