import { describeRule } from '../../../test/lint/describe-rule.js';
import { timestampWithoutZone } from './timestamp-without-zone.js';

describeRule(timestampWithoutZone, {
  bad: [
    'ALTER TABLE app_schema.users ADD COLUMN at timestamp(3)',
    'CREATE TABLE app_schema.fresh (at timestamp)',
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN at timestamptz(3)'],
  fine: ['ALTER TABLE app_schema.users ADD COLUMN "timestamp" text'],
});
