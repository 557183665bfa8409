import { describeRule } from '../../../test/lint/describe-rule.js';
import { renameColumn } from './rename-column.js';

describeRule(renameColumn, {
  bad: ['ALTER TABLE app_schema.users RENAME COLUMN name TO full_name'],
  good: [
    `-- lint: allow rename-column because the service is stopped for it
ALTER TABLE app_schema.users RENAME COLUMN name TO full_name`,
  ],
  fine: [
    'ALTER TABLE app_schema.users RENAME CONSTRAINT users_pkey TO pk',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh RENAME COLUMN n TO m`,
    'ALTER INDEX app_schema.users_email_idx RENAME TO i',
  ],
});
