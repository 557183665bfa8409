import { describeRule } from '../../../test/lint/describe-rule.js';
import { fkWithoutIndex } from './fk-without-index.js';

describeRule(fkWithoutIndex, {
  bad: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT fresh_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_schema.users (id);
`,
    'ALTER TABLE app_schema.users ADD COLUMN boss_id text REFERENCES app_schema.users (id)',
  ],
  good: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT fresh_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_schema.users (id);
CREATE INDEX fresh_user_id_idx ON app_schema.fresh (user_id, n)`,
  ],
  fine: [
    'CREATE TABLE app_schema.fresh (user_id text REFERENCES app_schema.users (id), n int, PRIMARY KEY (user_id, n))',
    'CREATE TABLE app_schema.fresh (user_id text UNIQUE REFERENCES app_schema.users (id))',
  ],
});
