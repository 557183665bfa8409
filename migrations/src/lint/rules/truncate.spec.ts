import { describeRule } from '../../../test/lint/describe-rule.js';
import { truncate } from './truncate.js';

describeRule(truncate, {
  bad: [
    'TRUNCATE app_schema.users',
    { sql: 'TRUNCATE app_schema.teams, app_schema.users', also: ['multi-table-lock'] },
  ],
  good: [
    `-- lint: allow truncate because it is a cache
TRUNCATE app_schema.users`,
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
TRUNCATE app_schema.fresh`,
  ],
});
