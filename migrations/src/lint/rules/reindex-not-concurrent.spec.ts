import { describeRule } from '../../../test/lint/describe-rule.js';
import { reindexNotConcurrent } from './reindex-not-concurrent.js';

describeRule(reindexNotConcurrent, {
  bad: ['REINDEX TABLE app_schema.users', 'REINDEX INDEX app_schema.users_email_idx'],
  good: [
    'REINDEX TABLE CONCURRENTLY app_schema.users',
    'REINDEX (CONCURRENTLY) INDEX app_schema.users_email_idx',
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
REINDEX TABLE app_schema.fresh`,
  ],
});
