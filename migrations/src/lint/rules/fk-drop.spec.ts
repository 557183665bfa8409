import { describeRule } from '../../../test/lint/describe-rule.js';
import { fkDrop } from './fk-drop.js';

describeRule(fkDrop, {
  bad: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey',
    'ALTER TABLE app_schema.unheard_of DROP CONSTRAINT x_fkey',
    {
      sql: 'ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey, ADD CONSTRAINT x FOREIGN KEY (age) REFERENCES app_schema.teams (id) NOT VALID',
      also: ['fk-without-index'],
    },
    { sql: 'DROP TABLE app_schema.users', also: ['drop-table'] },
    { sql: 'ALTER TABLE app_schema.users DROP COLUMN team_id', also: ['drop-column'] },
  ],
  good: [
    `-- lint: allow fk-drop because the next release no longer has teams
ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey`,
  ],
  fine: [
    `ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey, ADD CONSTRAINT users_team_id_fkey FOREIGN KEY (team_id) REFERENCES app_schema.teams (id) ON DELETE CASCADE NOT VALID`,
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_age_check',
    'ALTER TABLE app_schema.teams ADD COLUMN a text',
  ],
});
