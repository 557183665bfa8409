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
    {
      sql: "ALTER TABLE app_schema.users ADD COLUMN c text; WITH old AS (DELETE FROM app_schema.teams WHERE id = '1' RETURNING id) SELECT count(*) FROM old",
      also: ['held-lock'],
    },
    `MERGE INTO app_schema.teams t USING app_schema.users u ON t.id = u.team_id
       WHEN MATCHED AND t.id = '1' THEN UPDATE SET name = u.name; ALTER TABLE app_schema.users ADD COLUMN c text`,
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN code text', "INSERT INTO app_schema.teams VALUES ('1')"],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
INSERT INTO app_schema.fresh VALUES ('1', 1)`,
    "BEGIN; ALTER TABLE app_schema.users ADD COLUMN code text; COMMIT; BEGIN; INSERT INTO app_schema.teams VALUES ('1'); COMMIT",
  ],
});
