import type { ColumnDef } from 'libpg-query';
import { walk, writeIdentifier, writeType } from '../../sql/index.js';
import type { Rule } from '../rule.js';

export const jsonColumn: Rule = {
  id: 'json-column',
  title: 'A column of type json',
  level: 'advice',
  *check({ node }) {
    if (!('CreateStmt' in node || 'AlterTableStmt' in node)) return;
    const columns: ColumnDef[] = [];
    walk(node, (kind, fields) => {
      if (kind === 'ColumnDef') columns.push(fields as ColumnDef);
    });
    for (const { colname = '', typeName } of columns) {
      if (!/^json(\[\])?$/.test(writeType(typeName))) continue;
      yield {
        message: `json has no equality, so DISTINCT, GROUP BY and UNION fail on any query that returns ${writeIdentifier(colname)}.`,
        help: 'Use jsonb; in schema.prisma Json without @db.Json.',
      };
    }
  },
};
