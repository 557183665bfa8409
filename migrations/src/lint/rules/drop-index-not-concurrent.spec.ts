import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropIndexNotConcurrent } from './drop-index-not-concurrent.js';

describeRule(dropIndexNotConcurrent, {
  bad: ['DROP INDEX app_schema.users_email_idx', 'DROP INDEX app_schema.unheard_of'],
  good: ['DROP INDEX CONCURRENTLY app_schema.users_email_idx'],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
CREATE INDEX i ON app_schema.fresh (n); DROP INDEX app_schema.i`,
  ],
});
