import { describeRule } from '../../../test/lint/describe-rule.js';
import { unfinishedTransaction } from './unfinished-transaction.js';

describeRule(unfinishedTransaction, {
  bad: ['BEGIN; ALTER TABLE app_schema.users ADD COLUMN a text'],
  good: ['BEGIN; ALTER TABLE app_schema.users ADD COLUMN a text; COMMIT'],
  fine: ['DO $$ BEGIN NULL; END $$'],
});
