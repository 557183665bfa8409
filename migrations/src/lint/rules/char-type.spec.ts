import { describeRule } from '../../../test/lint/describe-rule.js';
import { charType } from './char-type.js';

describeRule(charType, {
  bad: ['ALTER TABLE app_schema.users ADD COLUMN code char(3)'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN code text'],
  fine: ['ALTER TABLE app_schema.users ADD COLUMN "char" text'],
});
