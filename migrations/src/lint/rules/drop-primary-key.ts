import { writeIdentifier, writeName } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const dropPrimaryKey: Rule = {
  id: 'drop-primary-key',
  title: 'A table without a primary key',
  level: 'error',
  *check(context) {
    const addsAnother = onExisting(context, 'AT_AddConstraint').some(
      ({ command: { def } }) => def && 'Constraint' in def && def.Constraint.contype === 'CONSTR_PRIMARY',
    );
    for (const { table, command } of onExisting(context, 'AT_DropConstraint')) {
      const name = command.name ?? '';
      const known = context.catalog.table(table);
      const isKey = known ? known.constraints.get(name)?.kind === 'primary' : name.endsWith('_pkey');
      if (!isKey || addsAnother) continue;
      yield {
        message: `Without its primary key ${writeName(table)} takes duplicates, logical replication refuses its updates, and foreign keys to it cannot be made.`,
        help: instead(
          'Build the new key first and change over in one statement:',
          `ALTER TABLE ${writeName(table)} DROP CONSTRAINT ${writeIdentifier(name)}, ADD CONSTRAINT … PRIMARY KEY USING INDEX …;`,
        ),
      };
    }
  },
};
