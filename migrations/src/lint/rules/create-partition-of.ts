import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, rewrite, takes } from '../words.js';

export const createPartitionOf: Rule = {
  id: 'create-partition-of',
  title: 'A partition that is created with the whole table waiting',
  level: 'error',
  *check({ node, catalog }) {
    if (!('CreateStmt' in node) || !node.CreateStmt.partbound) return;
    const { relation, partbound: bound, inhRelations: [parent] = [] } = node.CreateStmt;
    const table = nameOf(parent && 'RangeVar' in parent ? parent.RangeVar : undefined);
    if (catalog.isNew(table)) return;
    // The writer does not know bounds alone, so they are cut from what it makes of the statement.
    const written = rewrite(node, { tableElts: [], partspec: undefined });
    const bounds = written.slice(written.indexOf(bound.is_default ? ' DEFAULT' : ' FOR VALUES'));
    const child = writeName(nameOf(relation));
    yield {
      message: `CREATE TABLE … PARTITION OF ${takes('ACCESS EXCLUSIVE', table)}, for the partitioned table as a whole.`,
      help: instead(
        'Create the table alone and attach it, which stops neither reads nor writes of the parent:',
        `CREATE TABLE ${child} (LIKE ${writeName(table)} INCLUDING ALL);`,
        `ALTER TABLE ${writeName(table)} ATTACH PARTITION ${child}${bounds}`,
      ),
    };
  },
};
