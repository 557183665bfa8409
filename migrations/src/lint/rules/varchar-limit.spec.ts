import { describeRule } from '../../../test/lint/describe-rule.js';
import { varcharLimit } from './varchar-limit.js';

describeRule(varcharLimit, {
  bad: ['ALTER TABLE app_schema.users ADD COLUMN code varchar(3)'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN code text'],
  fine: [
    'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    'ALTER TABLE app_schema.users ADD COLUMN code varchar',
  ],
});
