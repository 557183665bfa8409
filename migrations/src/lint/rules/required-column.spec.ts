import { describeRule } from '../../../test/lint/describe-rule.js';
import { requiredColumn } from './required-column.js';

describeRule(requiredColumn, {
  bad: ['ALTER TABLE app_schema.users ADD COLUMN code text NOT NULL'],
  good: [
    'ALTER TABLE app_schema.users ADD COLUMN code text',
    "ALTER TABLE app_schema.users ADD COLUMN code text NOT NULL DEFAULT ''",
  ],
  fine: [
    'ALTER TABLE app_schema.users ADD COLUMN at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD COLUMN code text NOT NULL`,
  ],
});
