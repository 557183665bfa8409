import { describeRule } from '../../../test/lint/describe-rule.js';
import { refreshMatview } from './refresh-matview.js';

describeRule(refreshMatview, {
  bad: ['REFRESH MATERIALIZED VIEW app_schema.summary'],
  good: ['REFRESH MATERIALIZED VIEW CONCURRENTLY app_schema.summary'],
  fine: [
    'REFRESH MATERIALIZED VIEW app_schema.summary WITH NO DATA',
    'CREATE MATERIALIZED VIEW app_schema.m AS SELECT 1; REFRESH MATERIALIZED VIEW app_schema.m',
  ],
});
