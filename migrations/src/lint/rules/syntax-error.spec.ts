import { describeRule } from '../../../test/lint/describe-rule.js';
import { syntaxError } from './syntax-error.js';

describeRule(syntaxError, {
  bad: ['ALTER TABL app_schema.users ADD COLUMN a text'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN a text'],
  fine: ['-- a script may say nothing yet', ''],
});
