import { describeRule } from '../../../test/lint/describe-rule.js';
import { unbatchedWrite } from './unbatched-write.js';

describeRule(unbatchedWrite, {
  bad: [
    "UPDATE app_schema.users SET name = 'x'",
    'DELETE FROM app_schema.users WHERE age > 3',
    "UPDATE app_schema.users SET name = 'x' WHERE id = team_id",
  ],
  good: [
    "UPDATE app_schema.users SET name = 'x' WHERE id IN (SELECT id FROM app_schema.users WHERE name IS NULL LIMIT 1000)",
  ],
  fine: [
    "UPDATE app_schema.users SET name = 'x' WHERE id = '1'",
    "DELETE FROM app_schema.users WHERE id IN ('1', '2') AND age > 3",
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
UPDATE app_schema.fresh SET n = 1`,
  ],
});
