import { nameOfObject, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';
import { instead } from '../words.js';
import { droppedTables, isInUse } from './dropped-in-use.js';

export const dropTable: Rule = {
  id: 'drop-table',
  title: 'A table, schema or database whose data is lost',
  level: 'error',
  squawk: ['ban-drop-database'],
  *check(context) {
    for (const what of dropped(context)) {
      yield {
        message: `DROP ${what} loses its data for good, and queries of the running version fail.`,
        help: instead(
          'Release a version that no longer uses it first, take a backup (`yarn db backup`), and say so:',
          '-- lint: allow drop-table because REASON',
        ),
      };
    }
  },
};

function dropped(context: StatementContext): string[] {
  const { node, squawk } = context;
  if ('DropdbStmt' in node && squawk.length > 0)
    return [`DATABASE ${writeIdentifier(node.DropdbStmt.dbname ?? '')}`];
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_SCHEMA')
    return (node.DropStmt.objects ?? []).map((schema) => `SCHEMA ${writeName(nameOfObject(schema))}`);
  return droppedTables(context)
    .filter((table) => !isInUse(context, table))
    .map((table) => `TABLE ${writeName(table)}`);
}
