import { describeRule } from '../../../test/lint/describe-rule.js';
import { indexNotConcurrent } from './index-not-concurrent.js';

describeRule(indexNotConcurrent, {
  bad: [
    'CREATE INDEX users_age_idx ON app_schema.users (age)',
    'CREATE UNIQUE INDEX users_age_key ON app_schema.users (age)',
    'CREATE INDEX summary_id_idx ON app_schema.summary (id)',
  ],
  good: ['CREATE INDEX CONCURRENTLY users_age_idx ON app_schema.users (age)'],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
CREATE INDEX fresh_n_idx ON app_schema.fresh (n)`,
    'CREATE INDEX events_id_idx ON ONLY app_schema.events (id)',
  ],
});
