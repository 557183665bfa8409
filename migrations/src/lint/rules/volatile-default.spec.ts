import { describeRule } from '../../../test/lint/describe-rule.js';
import { volatileDefault } from './volatile-default.js';

describeRule(volatileDefault, {
  bad: [
    'ALTER TABLE app_schema.users ADD COLUMN code uuid DEFAULT gen_random_uuid()',
    'ALTER TABLE app_schema.users ADD COLUMN at timestamptz NOT NULL DEFAULT clock_timestamp()',
    'ALTER TABLE app_schema.users ADD COLUMN code int DEFAULT app_schema.own()',
    'ALTER TABLE app_schema.users ADD COLUMN size app_schema.positive',
  ],
  good: [
    'ALTER TABLE app_schema.users ADD COLUMN code uuid; ALTER TABLE app_schema.users ALTER COLUMN code SET DEFAULT gen_random_uuid()',
  ],
  fine: [
    'ALTER TABLE app_schema.users ADD COLUMN at timestamptz NOT NULL DEFAULT now()',
    'ALTER TABLE app_schema.users ADD COLUMN tags text[] DEFAULT ARRAY[]::text[]',
    'ALTER TABLE app_schema.users ADD COLUMN code int DEFAULT app_schema.steady()',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD COLUMN code uuid DEFAULT gen_random_uuid()`,
    'ALTER TABLE app_schema.users ALTER COLUMN name SET DEFAULT gen_random_uuid()',
  ],
});
