import { describeRule } from '../../../test/lint/describe-rule.js';
import { lockTable } from './lock-table.js';

describeRule(lockTable, {
  bad: ['LOCK TABLE app_schema.users', 'LOCK TABLE app_schema.users IN SHARE MODE'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN code text'],
  fine: [
    'LOCK TABLE app_schema.users IN ACCESS SHARE MODE',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
LOCK TABLE app_schema.fresh`,
  ],
});
