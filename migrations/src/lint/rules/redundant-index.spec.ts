import { describeRule } from '../../../test/lint/describe-rule.js';
import { redundantIndex } from './redundant-index.js';

describeRule(redundantIndex, {
  bad: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (email)'],
  good: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (age, email)'],
  fine: [
    'CREATE INDEX CONCURRENTLY i ON app_schema.users (email text_pattern_ops)',
    'CREATE INDEX CONCURRENTLY i ON app_schema.users (email) WHERE age > 3',
    'CREATE UNIQUE INDEX CONCURRENTLY i ON app_schema.users (email)',
    'CREATE INDEX CONCURRENTLY i ON app_schema.users (lower(email))',
    'CREATE INDEX CONCURRENTLY i ON app_schema.users USING brin (email)',
  ],
});
