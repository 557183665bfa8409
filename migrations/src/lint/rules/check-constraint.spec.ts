import { describeRule } from '../../../test/lint/describe-rule.js';
import { checkConstraint } from './check-constraint.js';

describeRule(checkConstraint, {
  bad: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1)',
    'ALTER TABLE app_schema.users ADD COLUMN size int CHECK (size > 0)',
  ],
  good: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1) NOT VALID',
    'ALTER TABLE app_schema.users VALIDATE CONSTRAINT users_age_check',
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CHECK (n > 0)`,
  ],
});
