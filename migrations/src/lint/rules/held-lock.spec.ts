import { describeRule } from '../../../test/lint/describe-rule.js';
import { heldLock } from './held-lock.js';

describeRule(heldLock, {
  bad: [
    { sql: 'ALTER TABLE app_schema.users ADD COLUMN code text; SELECT pg_sleep(10)' },
    { sql: 'ALTER TABLE app_schema.users ADD COLUMN code text; DO $$ BEGIN NULL; END $$' },
    {
      sql: 'ALTER TABLE app_schema.users ADD COLUMN code text; CREATE INDEX i ON app_schema.users (code)',
      also: ['index-not-concurrent'],
    },
  ],
  good: [
    'ALTER TABLE app_schema.users ADD COLUMN code text; ALTER TABLE app_schema.users ADD COLUMN nick text',
  ],
  fine: [
    "ALTER TABLE app_schema.users ADD COLUMN code text; SELECT set_config('app.done', '1', true)",
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ADD COLUMN code text; CREATE INDEX i ON app_schema.fresh (code)`,
    'BEGIN; ALTER TABLE app_schema.users ADD COLUMN code text; COMMIT; SELECT pg_sleep(10)',
    `ALTER TABLE app_schema.users ADD COLUMN code text; CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
`,
  ],
});
