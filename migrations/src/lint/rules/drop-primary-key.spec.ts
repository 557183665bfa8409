import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropPrimaryKey } from './drop-primary-key.js';

describeRule(dropPrimaryKey, {
  bad: ['ALTER TABLE app_schema.users DROP CONSTRAINT users_pkey'],
  good: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_proven_key',
  ],
  fine: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_age_check',
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh DROP CONSTRAINT fresh_pkey`,
  ],
});
