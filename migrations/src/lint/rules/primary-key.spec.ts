import { describeRule } from '../../../test/lint/describe-rule.js';
import { primaryKey } from './primary-key.js';

describeRule(primaryKey, {
  bad: [
    'ALTER TABLE app_schema.events_2026 ADD PRIMARY KEY (id)',
    {
      sql: 'ALTER TABLE app_schema.users DROP CONSTRAINT users_pkey, ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_name_key',
    },
  ],
  good: [
    'ALTER TABLE app_schema.users DROP CONSTRAINT users_pkey, ADD CONSTRAINT p PRIMARY KEY USING INDEX users_proven_key',
  ],
  fine: ['CREATE TABLE app_schema.fresh (id int8); ALTER TABLE app_schema.fresh ADD PRIMARY KEY (id)'],
});
