import { describeRule } from '../../../test/lint/describe-rule.js';
import { editedMigration } from './edited-migration.js';

describeRule(editedMigration, {
  bad: [
    {
      sql: 'SELECT 1',
      name: '3',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => false },
    },
  ],
  good: [
    {
      sql: 'SELECT 1',
      name: '3',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => true },
    },
  ],
  fine: [
    {
      sql: 'SELECT 1',
      name: '4',
      applied: { where: 'origin/main', names: new Set(['1', '3']), isUnchanged: () => false },
    },
  ],
});
