import { columnRewrite } from '../../locks/index.js';
import { writeIdentifier, writeName } from '../../sql/index.js';
import { addedColumns } from '../constraints.js';
import type { Rule } from '../rule.js';
import { constraintName, instead, takes } from '../words.js';

export const serialColumn: Rule = {
  id: 'serial-column',
  title: 'A new column that numbers every row',
  level: 'error',
  *check(context) {
    for (const { table, column, name } of addedColumns(context)) {
      const because = columnRewrite(column, context.catalog)?.because;
      if (because !== 'serial' && because !== 'identity') continue;
      const sequence = writeName({ schema: table.schema, name: constraintName(table, name, 'seq') });
      const alter = `ALTER TABLE ${writeName(table)}`;
      const own = writeIdentifier(name);
      yield {
        message: `Adding the ${because} column ${own} ${takes('ACCESS EXCLUSIVE', table)} while the whole table is rewritten to number its rows.`,
        help: instead(
          'Add a plain column with a sequence for new rows, and number the old ones in batches (`yarn db data new`):',
          `${alter} ADD COLUMN ${own} bigint;`,
          `CREATE SEQUENCE ${sequence} OWNED BY ${writeName(table)}.${own};`,
          `${alter} ALTER COLUMN ${own} SET DEFAULT nextval('${sequence}');`,
        ),
      };
    }
  },
};
