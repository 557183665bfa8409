import { describeRule } from '../../../test/lint/describe-rule.js';
import { schemaAndData } from './schema-and-data.js';

describeRule(schemaAndData, {
  bad: [
    {
      sql: "ALTER TABLE app_schema.users ADD COLUMN code text; UPDATE app_schema.users SET code = 'x'",
      also: ['unbatched-write'],
    },
    "ALTER TABLE app_schema.users ADD COLUMN code text; INSERT INTO app_schema.teams VALUES ('1')",
    "INSERT INTO app_schema.teams VALUES ('1'); ALTER TABLE app_schema.users ADD COLUMN code text",
    { sql: "ALTER TABLE app_schema.users ADD COLUMN c text; DELETE FROM app_schema.users WHERE id = '1'" },
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN code text', "INSERT INTO app_schema.teams VALUES ('1')"],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
INSERT INTO app_schema.fresh VALUES ('1', 1)`,
    "BEGIN; ALTER TABLE app_schema.users ADD COLUMN code text; COMMIT; BEGIN; INSERT INTO app_schema.teams VALUES ('1'); COMMIT",
  ],
});
