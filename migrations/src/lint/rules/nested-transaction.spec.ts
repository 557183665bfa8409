import { describeRule } from '../../../test/lint/describe-rule.js';
import { nestedTransaction } from './nested-transaction.js';

describeRule(nestedTransaction, {
  bad: [
    'BEGIN; ALTER TABLE app_schema.users ADD COLUMN a text; BEGIN; ALTER TABLE app_schema.users ADD COLUMN b text; COMMIT',
    'ALTER TABLE app_schema.users ADD COLUMN a text; COMMIT',
  ],
  good: ['BEGIN; ALTER TABLE app_schema.users ADD COLUMN a text; COMMIT'],
  fine: ['BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT'],
});
