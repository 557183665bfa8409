import { describeRule } from '../../../test/lint/describe-rule.js';
import { unqualifiedName } from './unqualified-name.js';

describeRule(unqualifiedName, {
  bad: [
    'ALTER TABLE users ADD COLUMN a text',
    'CREATE TABLE t (n int)',
    'DROP INDEX CONCURRENTLY users_email_idx',
    "CREATE TYPE kind AS ENUM ('a')",
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN a text'],
  fine: [
    'CREATE TEMP TABLE t (n int)',
    'WITH x AS (SELECT 1 AS n) SELECT n FROM x',
    'CREATE INDEX CONCURRENTLY i ON app_schema.users (age)',
  ],
});
