import { describeRule } from '../../../test/lint/describe-rule.js';
import { outOfOrder } from './out-of-order.js';

describeRule(outOfOrder, {
  bad: [
    {
      sql: 'SELECT 1',
      name: '2',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => true },
    },
  ],
  good: [
    {
      sql: 'SELECT 1',
      name: '4',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => true },
    },
  ],
  fine: [
    {
      sql: 'SELECT 1',
      name: '3',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => true },
    },
  ],
});
