import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const attachPartition: Rule = {
  id: 'attach-partition',
  title: 'A table that is read in full when it becomes a partition',
  level: 'error',
  *check({ alterations, catalog }) {
    for (const { table, command } of alterations) {
      const { subtype, def } = command;
      if (subtype !== 'AT_AttachPartition' || !def || !('PartitionCmd' in def)) continue;
      const child = nameOf(def.PartitionCmd.name);
      const known = catalog.table(child);
      const hasCheck = [...(known?.constraints.values() ?? [])].some((it) => it.kind === 'check' && it.valid);
      if (known?.isNew || hasCheck) continue;
      yield {
        message: `ATTACH PARTITION to ${writeName(table)} ${takes('ACCESS EXCLUSIVE', child)} until every row is checked against the bounds.`,
        help: instead(
          'Give the table a check that says the same as the bounds first; PostgreSQL then reads nothing:',
          `ALTER TABLE ${writeName(child)} ADD CONSTRAINT ${child.name}_bounds CHECK (…) NOT VALID;`,
          '-- in the next migration:',
          `ALTER TABLE ${writeName(child)} VALIDATE CONSTRAINT ${child.name}_bounds;`,
        ),
      };
    }
  },
};
