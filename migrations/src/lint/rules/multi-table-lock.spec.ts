import { describeRule } from '../../../test/lint/describe-rule.js';
import { multiTableLock } from './multi-table-lock.js';

describeRule(multiTableLock, {
  bad: [
    'ALTER TABLE app_schema.users ADD COLUMN a text; ALTER TABLE app_schema.teams ADD COLUMN a text',
    {
      sql: 'CREATE TABLE app_schema.fresh (a text REFERENCES app_schema.users (id), b text REFERENCES app_schema.teams (id), UNIQUE (a), UNIQUE (b))',
    },
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN a text'],
  fine: [
    'BEGIN; ALTER TABLE app_schema.users ADD COLUMN a text; COMMIT; BEGIN; ALTER TABLE app_schema.teams ADD COLUMN a text; COMMIT',
    `ALTER TABLE app_schema.users ADD COLUMN a text; CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD COLUMN a text`,
    'ALTER TABLE app_schema.users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id) NOT VALID',
    "COMMENT ON TABLE app_schema.users IS 'x'; COMMENT ON TABLE app_schema.teams IS 'x'",
  ],
});
