import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';
import { instead } from '../words.js';

export const renameTable: Rule = {
  id: 'rename-table',
  title: 'A table or schema that the running version knows by its old name',
  level: 'advice',
  *check(context) {
    const renamed = describe(context);
    if (!renamed) return;
    const { from, to, view } = renamed;
    yield {
      message: `The moment ${from} becomes ${to}, every query of the running version that names it fails.`,
      help: view
        ? instead(
            'Rename the model only and keep @@map to the old name; or leave a view of the old name for the running version, in the same migration, and say so:',
            '-- lint: allow rename-table because REASON',
            `CREATE VIEW ${from} AS SELECT * FROM ${to};`,
          )
        : instead(
            'Keep the old name. If no old version runs meanwhile, say so:',
            '-- lint: allow rename-table because REASON',
          ),
    };
  },
};

function describe({ node, catalog }: StatementContext) {
  if ('RenameStmt' in node) {
    const { renameType, relation, subname = '', newname = '' } = node.RenameStmt;
    if (renameType === 'OBJECT_SCHEMA')
      return { from: `the schema ${writeIdentifier(subname)}`, to: writeIdentifier(newname), view: false };
    const table = nameOf(relation);
    if (renameType !== 'OBJECT_TABLE' || catalog.isNew(table)) return undefined;
    return { from: writeName(table), to: writeName({ ...table, name: newname }), view: true };
  }
  if (!('AlterObjectSchemaStmt' in node)) return undefined;
  const { objectType, relation, newschema } = node.AlterObjectSchemaStmt;
  const table = nameOf(relation);
  if (objectType !== 'OBJECT_TABLE' || catalog.isNew(table)) return undefined;
  return { from: writeName(table), to: writeName({ ...table, schema: newschema }), view: true };
}
