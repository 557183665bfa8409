import { describeRule } from '../../../test/lint/describe-rule.js';
import { exclusionConstraint } from './exclusion-constraint.js';

describeRule(exclusionConstraint, {
  bad: ['ALTER TABLE app_schema.users ADD CONSTRAINT e EXCLUDE (age WITH =)'],
  good: ['ALTER TABLE app_schema.users ADD CONSTRAINT c CHECK (age > 1) NOT VALID'],
  fine: ['CREATE TABLE app_schema.fresh (n int, EXCLUDE (n WITH =))'],
});
