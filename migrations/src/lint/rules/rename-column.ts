import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead } from '../words.js';

export const renameColumn: Rule = {
  id: 'rename-column',
  title: 'A column that the running version knows by its old name',
  level: 'advice',
  *check({ node, catalog }) {
    if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_COLUMN') return;
    const { relation, subname = '', newname = '' } = node.RenameStmt;
    if (catalog.isNew(nameOf(relation))) return;
    yield {
      message: `The moment ${writeIdentifier(subname)} of ${writeName(nameOf(relation))} is called ${writeIdentifier(newname)}, every query of the running version that names it fails.`,
      help: instead(
        'Rename the field only and keep @map to the old name; or add the new column, write both, fill it and drop the old one. If no old version runs meanwhile, say so:',
        '-- lint: allow rename-column because REASON',
      ),
    };
  },
};
