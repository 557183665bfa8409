import { describeRule } from '../../../test/lint/describe-rule.js';
import { fkCrossService } from './fk-cross-service.js';

describeRule(fkCrossService, {
  bad: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT f FOREIGN KEY (id) REFERENCES other_schema.users (id)`,
    'CREATE TABLE app_schema.fresh (id text PRIMARY KEY REFERENCES other_schema.users (id))',
  ],
  good: ['CREATE TABLE app_schema.fresh (id text PRIMARY KEY, user_id text)'],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT fresh_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_schema.users (id);
CREATE INDEX fresh_user_id_idx ON app_schema.fresh (user_id, n)`,
    'ALTER TABLE app_schema.users VALIDATE CONSTRAINT users_other_fkey',
    `-- lint: allow fk-cross-service because both share one database for good
CREATE TABLE app_schema.fresh (id text PRIMARY KEY REFERENCES other_schema.users (id))`,
  ],
});
