import { describeRule } from '../../../test/lint/describe-rule.js';
import { setNotNull } from './set-not-null.js';

describeRule(setNotNull, {
  bad: [
    'ALTER TABLE app_schema.users ALTER COLUMN name SET NOT NULL',
    {
      sql: 'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (name IS NOT NULL) NOT VALID; ALTER TABLE app_schema.users ALTER COLUMN name SET NOT NULL',
    },
  ],
  good: [
    'ALTER TABLE app_schema.users ALTER COLUMN proven SET NOT NULL; ALTER TABLE app_schema.users DROP CONSTRAINT proven_not_null',
  ],
  fine: [
    'ALTER TABLE app_schema.users ALTER COLUMN email SET NOT NULL',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ALTER COLUMN n SET NOT NULL`,
  ],
});
