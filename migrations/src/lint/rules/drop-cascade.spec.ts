import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropCascade } from './drop-cascade.js';

describeRule(dropCascade, {
  bad: [
    { sql: 'ALTER TABLE app_schema.users DROP CONSTRAINT users_pkey CASCADE', also: ['drop-primary-key'] },
    'DROP TYPE app_schema.state CASCADE',
  ],
  good: ['DROP TYPE app_schema.state'],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
DROP TABLE app_schema.fresh CASCADE`,
    'ALTER TABLE app_schema.users ADD CONSTRAINT f FOREIGN KEY (team_id) REFERENCES app_schema.teams (id) ON DELETE CASCADE NOT VALID',
  ],
});
