import { nameOf, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const detachPartition: Rule = {
  id: 'detach-partition',
  title: 'A partition that is detached with the whole table waiting',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_DetachPartition')) {
      if (!command.def || !('PartitionCmd' in command.def) || command.def.PartitionCmd.concurrent) continue;
      const child = nameOf(command.def.PartitionCmd.name);
      yield {
        message: `DETACH PARTITION ${takes('ACCESS EXCLUSIVE', table)}, for the partitioned table as a whole.`,
        help: instead(
          'Detach it without stopping anyone, alone in a migration of its own:',
          `ALTER TABLE ${writeName(table)} DETACH PARTITION ${writeName(child)} CONCURRENTLY;`,
        ),
      };
    }
  },
};
