import { describeRule } from '../../../test/lint/describe-rule.js';
import { renameTable } from './rename-table.js';

describeRule(renameTable, {
  bad: [
    'ALTER TABLE app_schema.users RENAME TO people',
    { sql: 'ALTER TABLE app_schema.users SET SCHEMA other_schema' },
    { sql: 'ALTER SCHEMA app_schema RENAME TO b' },
  ],
  good: [
    `-- lint: allow rename-table because a view keeps the old name
ALTER TABLE app_schema.users RENAME TO people; CREATE VIEW app_schema.users AS SELECT * FROM app_schema.people`,
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh RENAME TO fresher`,
    'ALTER INDEX app_schema.users_email_idx RENAME TO i',
  ],
});
