import { describeRule } from '../../../test/lint/describe-rule.js';
import { wideIndex } from './wide-index.js';

describeRule(wideIndex, {
  bad: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (age, name, born, balance)'],
  good: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (age, name) INCLUDE (born, balance)'],
  fine: [
    'CREATE UNIQUE INDEX CONCURRENTLY i ON app_schema.users (age, name, born, balance)',
    'CREATE INDEX CONCURRENTLY i ON app_schema.users USING gin (a, b, c, d)',
  ],
});
