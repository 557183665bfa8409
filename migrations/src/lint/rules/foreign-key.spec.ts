import { describeRule } from '../../../test/lint/describe-rule.js';
import { foreignKey } from './foreign-key.js';

describeRule(foreignKey, {
  bad: [
    {
      sql: 'ALTER TABLE app_schema.users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id)',
    },
    {
      sql: "ALTER TABLE app_schema.users ADD COLUMN old_team text DEFAULT 'x' REFERENCES app_schema.teams (id)",
      also: ['fk-without-index'],
    },
  ],
  good: [
    'ALTER TABLE app_schema.users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id) NOT VALID',
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD CONSTRAINT fresh_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_schema.users (id);
CREATE INDEX fresh_user_id_idx ON app_schema.fresh (user_id, n)`,
    {
      sql: `-- lint: allow fk-without-index because teams are never deleted
ALTER TABLE app_schema.users ADD COLUMN a text REFERENCES app_schema.teams (id);`,
    },
  ],
});
