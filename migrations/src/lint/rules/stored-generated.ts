import { columnRewrite } from '../../locks/index.js';
import { writeIdentifier, writeName, writeType } from '../../sql/index.js';
import { addedColumns, onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const storedGenerated: Rule = {
  id: 'stored-generated',
  title: 'A new column that is computed and stored for every row',
  level: 'error',
  *check(context) {
    for (const { table, column, name } of addedColumns(context)) {
      if (columnRewrite(column, context.catalog)?.because !== 'generated') continue;
      yield {
        message: `Adding the stored column ${writeIdentifier(name)} ${takes('ACCESS EXCLUSIVE', table)} while the whole table is rewritten to compute it.`,
        help: instead(
          'Add a plain column, keep it with a trigger, and fill the old rows in batches (`yarn db data new`):',
          `ALTER TABLE ${writeName(table)} ADD COLUMN ${writeIdentifier(name)} ${writeType(column.typeName)};`,
        ),
      };
    }
    for (const { table, command } of onExisting(context, 'AT_SetExpression')) {
      yield {
        message: `SET EXPRESSION ${takes('ACCESS EXCLUSIVE', table)} while the whole table is rewritten to compute ${writeIdentifier(command.name ?? '')} anew.`,
        help: 'Add a second column and move over to it.',
      };
    }
  },
};
