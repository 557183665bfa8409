import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropNotNull } from './drop-not-null.js';

describeRule(dropNotNull, {
  bad: ['ALTER TABLE app_schema.users ALTER COLUMN email DROP NOT NULL'],
  good: [
    `-- lint: allow drop-not-null because no version reads it
ALTER TABLE app_schema.users ALTER COLUMN email DROP NOT NULL`,
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ALTER COLUMN n DROP NOT NULL`,
  ],
});
