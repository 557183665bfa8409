import { nameOf, writeIdentifier, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';
import { instead, rewrite } from '../words.js';

export const concurrentlyIfNotExists: Rule = {
  id: 'concurrently-if-not-exists',
  title: 'A repeated index build that takes a broken index for a good one',
  level: 'error',
  *check({ node }) {
    if (!('IndexStmt' in node) || !node.IndexStmt.concurrent || !node.IndexStmt.if_not_exists) return;
    const { idxname = '', relation } = node.IndexStmt;
    const { schema } = nameOf(relation);
    yield {
      message: `If the build of ${writeIdentifier(idxname)} fails, an INVALID index of that name remains; on the next try IF NOT EXISTS finds it and reports success.`,
      help: instead(
        'Leave IF NOT EXISTS out. `yarn db deploy` drops what a failed build left; elsewhere drop it by hand first:',
        `-- DROP INDEX CONCURRENTLY IF EXISTS ${writeName({ schema, name: idxname })};`,
        rewrite(node, { if_not_exists: false }),
      ),
    };
  },
};
