import { describeRule } from '../../../test/lint/describe-rule.js';
import { fkDrop } from './fk-drop.js';

describeRule(fkDrop, {
  bad: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey',
    'ALTER TABLE app_schema.unheard_of DROP CONSTRAINT x_fkey',
    { sql: 'DROP TABLE app_schema.users', also: ['drop-table'] },
    { sql: 'ALTER TABLE app_schema.users DROP COLUMN team_id', also: ['drop-column'] },
  ],
  good: [
    `-- lint: allow fk-drop because the next release no longer has teams
ALTER TABLE app_schema.users DROP CONSTRAINT users_team_id_fkey`,
  ],
  fine: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_age_check',
    'ALTER TABLE app_schema.teams ADD COLUMN a text',
  ],
});
