import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, rewrite, takes } from '../words.js';

export const indexNotConcurrent: Rule = {
  id: 'index-not-concurrent',
  title: 'An index that is built while writes wait',
  level: 'error',
  *check({ node, catalog }) {
    if (!('IndexStmt' in node) || node.IndexStmt.concurrent) return;
    const { relation, unique, indexParams = [] } = node.IndexStmt;
    const table = nameOf(relation);
    // ON ONLY a partitioned table builds nothing.
    if (catalog.isNew(table) || !relation?.inh) return;
    const columns = indexParams.flatMap((it) =>
      'IndexElem' in it && it.IndexElem.name ? [it.IndexElem.name] : [],
    );
    const list = columns.map(writeIdentifier).join(', ');
    yield {
      message: `CREATE INDEX ${takes('SHARE', table)} until the index is built.`,
      help: instead(
        `Build it without stopping writes, alone in a migration of its own${unique ? ', once there are no duplicates' : ''}:`,
        ...(unique && list
          ? [`-- SELECT ${list}, count(*) FROM ${writeName(table)} GROUP BY ${list} HAVING count(*) > 1;`]
          : []),
        rewrite(node, { concurrent: true }),
      ),
    };
  },
};
