import { describeRule } from '../../../test/lint/describe-rule.js';
import { concurrentlyIfNotExists } from './concurrently-if-not-exists.js';

describeRule(concurrentlyIfNotExists, {
  bad: ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON app_schema.users (age)'],
  good: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (age)'],
  fine: [
    'DROP INDEX CONCURRENTLY IF EXISTS app_schema.i',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
CREATE INDEX IF NOT EXISTS i ON app_schema.fresh (n)`,
  ],
});
