import { describeRule } from '../../../test/lint/describe-rule.js';
import { identifierTooLong } from './identifier-too-long.js';

describeRule(identifierTooLong, {
  bad: [
    'ALTER TABLE app_schema.users ADD COLUMN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa text',
  ],
  good: [
    'ALTER TABLE app_schema.users ADD COLUMN aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa text',
  ],
  fine: [
    "COMMENT ON TABLE app_schema.users IS 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'",
  ],
});
