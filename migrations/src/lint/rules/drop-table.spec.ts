import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropTable } from './drop-table.js';

describeRule(dropTable, {
  bad: ['DROP TABLE app_schema.events_2026', 'DROP SCHEMA app_schema', { sql: 'DROP DATABASE app' }],
  good: [
    `-- lint: allow drop-table because it was copied to events
DROP TABLE app_schema.events_2026`,
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
DROP TABLE app_schema.fresh`,
    'DROP VIEW app_schema.v',
    'DROP TYPE app_schema.unused',
  ],
});
