import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const refreshMatview: Rule = {
  id: 'refresh-matview',
  title: 'A materialized view that cannot be read while it is refreshed',
  level: 'error',
  *check({ node, catalog }) {
    if (!('RefreshMatViewStmt' in node)) return;
    const { concurrent, skipData, relation } = node.RefreshMatViewStmt;
    const view = nameOf(relation);
    if (concurrent || skipData || catalog.isNew(view)) return;
    yield {
      message: `REFRESH MATERIALIZED VIEW ${takes('ACCESS EXCLUSIVE', view)} until its query is done.`,
      help: instead(
        'With a unique index on the view it can be read meanwhile:',
        `REFRESH MATERIALIZED VIEW CONCURRENTLY ${writeName(view)};`,
      ),
    };
  },
};
