import { nameOf, writeName } from '../../sql/index.js';
import type { Rule } from '../rule.js';

const most = 3;

export const wideIndex: Rule = {
  id: 'wide-index',
  title: 'An index of many columns',
  level: 'advice',
  *check({ node }) {
    if (!('IndexStmt' in node) || node.IndexStmt.unique) return;
    const { indexParams = [], relation, accessMethod = 'btree' } = node.IndexStmt;
    if (accessMethod !== 'btree' || indexParams.length <= most) return;
    yield {
      message: `An index of ${indexParams.length} columns is rarely more selective than one of its first ${most}, and every write to ${writeName(nameOf(relation))} pays for it.`,
      help: `Keep the columns that narrow the rows down; others that are only read go behind INCLUDE.`,
    };
  },
};
