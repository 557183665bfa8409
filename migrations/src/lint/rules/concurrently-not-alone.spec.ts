import { describeRule } from '../../../test/lint/describe-rule.js';
import { concurrentlyNotAlone } from './concurrently-not-alone.js';

describeRule(concurrentlyNotAlone, {
  bad: [
    "SET statement_timeout = '1h'; CREATE INDEX CONCURRENTLY i ON app_schema.users (age)",
    'CREATE INDEX CONCURRENTLY i ON app_schema.users (age); CREATE INDEX CONCURRENTLY j ON app_schema.users (born)',
  ],
  good: [
    `-- one statement
CREATE INDEX CONCURRENTLY i ON app_schema.users (age);`,
  ],
  fine: ['SELECT 1; REFRESH MATERIALIZED VIEW CONCURRENTLY app_schema.summary'],
});
