import { describeRule } from '../../../test/lint/describe-rule.js';
import { concurrentlyInTransaction } from './concurrently-in-transaction.js';

describeRule(concurrentlyInTransaction, {
  bad: [
    'BEGIN; CREATE INDEX CONCURRENTLY i ON app_schema.users (age); COMMIT',
    'BEGIN; DROP INDEX CONCURRENTLY app_schema.users_email_idx; COMMIT',
  ],
  good: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (age)'],
  fine: [
    'BEGIN; ALTER TABLE app_schema.users ADD COLUMN "concurrently" text; COMMIT',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY app_schema.summary',
  ],
});
