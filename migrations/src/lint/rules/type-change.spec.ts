import { describeRule } from '../../../test/lint/describe-rule.js';
import { typeChange } from './type-change.js';

describeRule(typeChange, {
  bad: [
    'ALTER TABLE app_schema.users ALTER COLUMN age TYPE bigint',
    { sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(10)' },
    'ALTER TABLE app_schema.users ALTER COLUMN balance TYPE numeric(12,4)',
    'ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(6)',
    "SET LOCAL timezone = 'UTC'; ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(3)",
    'ALTER TABLE app_schema.unheard_of ALTER COLUMN a TYPE text',
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN age_new bigint'],
  fine: [
    'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    'ALTER TABLE app_schema.users ALTER COLUMN email TYPE text',
    'ALTER TABLE app_schema.users ALTER COLUMN balance TYPE numeric(12,2)',
    "SET LOCAL timezone = 'UTC'; ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(6)",
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ALTER COLUMN n TYPE bigint`,
  ],
});
