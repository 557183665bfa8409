import { describeRule } from '../../../test/lint/describe-rule.js';
import { tableRewrite } from './table-rewrite.js';

describeRule(tableRewrite, {
  bad: ['ALTER TABLE app_schema.users SET UNLOGGED', 'ALTER TABLE app_schema.users SET TABLESPACE fast'],
  good: ['CREATE UNLOGGED TABLE app_schema.fresh (n int)'],
  fine: [
    'ALTER TABLE app_schema.users SET (fillfactor = 90)',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh SET UNLOGGED`,
  ],
});
