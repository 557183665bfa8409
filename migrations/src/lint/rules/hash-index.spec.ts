import { describeRule } from '../../../test/lint/describe-rule.js';
import { hashIndex } from './hash-index.js';

describeRule(hashIndex, {
  bad: ['CREATE INDEX CONCURRENTLY i ON app_schema.users USING hash (born)'],
  good: ['CREATE INDEX CONCURRENTLY i ON app_schema.users (born)'],
  fine: [
    'CREATE INDEX CONCURRENTLY i ON app_schema.users USING brin (born)',
    'CREATE INDEX CONCURRENTLY hash ON app_schema.users (born)',
  ],
});
