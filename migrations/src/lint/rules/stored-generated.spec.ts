import { describeRule } from '../../../test/lint/describe-rule.js';
import { storedGenerated } from './stored-generated.js';

describeRule(storedGenerated, {
  bad: ['ALTER TABLE app_schema.users ADD COLUMN double int GENERATED ALWAYS AS (age * 2) STORED'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN double int'],
  fine: ['CREATE TABLE app_schema.fresh (n int, double int GENERATED ALWAYS AS (n * 2) STORED)'],
});
