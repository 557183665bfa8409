import { describeRule } from '../../../test/lint/describe-rule.js';
import { validateSameTransaction } from './validate-same-transaction.js';

describeRule(validateSameTransaction, {
  bad: [
    `ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1) NOT VALID;
ALTER TABLE app_schema.users VALIDATE CONSTRAINT c`,
  ],
  good: ['ALTER TABLE app_schema.users VALIDATE CONSTRAINT users_age_check'],
  fine: [
    'BEGIN; ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1) NOT VALID; COMMIT; BEGIN; ALTER TABLE app_schema.users VALIDATE CONSTRAINT c; COMMIT',
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1) NOT VALID; ALTER TABLE app_schema.users RENAME CONSTRAINT c TO d',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT c CHECK (n > 1) NOT VALID; ALTER TABLE app_schema.fresh VALIDATE CONSTRAINT c`,
  ],
});
