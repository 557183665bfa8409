import { describeRule } from '../../../test/lint/describe-rule.js';
import { jsonColumn } from './json-column.js';

describeRule(jsonColumn, {
  bad: ['ALTER TABLE app_schema.users ADD COLUMN data json', 'CREATE TABLE app_schema.fresh (data json)'],
  good: ['ALTER TABLE app_schema.users ADD COLUMN data jsonb'],
  fine: ['ALTER TABLE app_schema.users ADD COLUMN json text'],
});
