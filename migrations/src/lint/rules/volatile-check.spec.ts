import { describeRule } from '../../../test/lint/describe-rule.js';
import { volatileCheck } from './volatile-check.js';

describeRule(volatileCheck, {
  bad: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (born < now()) NOT VALID',
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (born < CURRENT_TIMESTAMP) NOT VALID',
    'CREATE TABLE app_schema.fresh (n int CHECK (n > random()))',
  ],
  good: ["ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (born > '2000-01-01') NOT VALID"],
  fine: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (email = lower(email)) NOT VALID',
    'ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > app_schema.steady()) NOT VALID',
    'CREATE TABLE app_schema.fresh (at timestamptz DEFAULT now())',
  ],
});
