import { describeRule } from '../../../test/lint/describe-rule.js';
import { uniqueConstraint } from './unique-constraint.js';

describeRule(uniqueConstraint, {
  bad: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT u UNIQUE (age)',
    'ALTER TABLE app_schema.users ADD COLUMN code text UNIQUE',
  ],
  good: [
    'CREATE UNIQUE INDEX CONCURRENTLY u ON app_schema.users (age)',
    'ALTER TABLE app_schema.users ADD CONSTRAINT u UNIQUE USING INDEX users_name_key',
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD UNIQUE (n)`,
  ],
});
