import { describeRule } from '../../../test/lint/describe-rule.js';
import { domainConstraint } from './domain-constraint.js';

describeRule(domainConstraint, {
  bad: [
    'ALTER DOMAIN app_schema.positive ADD CONSTRAINT c CHECK (VALUE < 9)',
    'ALTER DOMAIN app_schema.positive SET NOT NULL',
  ],
  good: ['ALTER DOMAIN app_schema.positive ADD CONSTRAINT c CHECK (VALUE < 9) NOT VALID'],
  fine: [
    'CREATE DOMAIN app_schema.small AS int CHECK (VALUE < 9)',
    'CREATE DOMAIN app_schema.small AS int; ALTER DOMAIN app_schema.small ADD CHECK (VALUE < 9)',
    'CREATE DOMAIN app_schema.small AS int; ALTER DOMAIN app_schema.small SET NOT NULL',
    'ALTER DOMAIN app_schema.positive DROP NOT NULL',
  ],
});
