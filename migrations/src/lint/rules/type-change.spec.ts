import { describeRule, history } from '../../../test/lint/describe-rule.js';
import { typeChange } from './type-change.js';

describeRule(typeChange, {
  bad: [
    'ALTER TABLE app_schema.users ALTER COLUMN age TYPE bigint',
    { sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(10)' },
    'ALTER TABLE app_schema.users ALTER COLUMN balance TYPE numeric(12,4)',
    'ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(6)',
    "SET LOCAL timezone = 'UTC'; ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(3)",
    {
      before: `${history} ALTER TABLE app_schema.users ADD COLUMN tags varchar(10)[];`,
      sql: 'ALTER TABLE app_schema.users ALTER COLUMN tags TYPE text[]',
    },
    {
      before: `${history} ALTER TABLE app_schema.users ADD CHECK (length(email) > 3);`,
      sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    },
    {
      before: `${history} CREATE INDEX ON app_schema.users (email) WHERE age > 9;`,
      sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    },
    {
      before: `${history} CREATE INDEX ON app_schema.users (lower(email));`,
      sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    },
    'ALTER TABLE app_schema.unheard_of ALTER COLUMN a TYPE text',
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN age_new bigint'],
  fine: [
    {
      before: `${history} ALTER TABLE app_schema.users ADD CHECK (length(name) > 3) NOT VALID;
               CREATE INDEX ON app_schema.users (age) WHERE team_id IS NULL;`,
      sql: 'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    },
    'ALTER TABLE app_schema.users ALTER COLUMN email TYPE varchar(100)',
    'ALTER TABLE app_schema.users ALTER COLUMN email TYPE text',
    'ALTER TABLE app_schema.users ALTER COLUMN balance TYPE numeric(12,2)',
    "SET LOCAL timezone = 'UTC'; ALTER TABLE app_schema.users ALTER COLUMN born TYPE timestamptz(6)",
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh ALTER COLUMN n TYPE bigint`,
  ],
});
