import { describeRule } from '../../../test/lint/describe-rule.js';
import { disableAutovacuum } from './disable-autovacuum.js';

describeRule(disableAutovacuum, {
  bad: [
    'ALTER TABLE app_schema.users SET (autovacuum_enabled = false)',
    'CREATE TABLE app_schema.fresh (n int) WITH (autovacuum_enabled = off)',
  ],
  good: ['ALTER TABLE app_schema.users SET (autovacuum_vacuum_scale_factor = 0.01)'],
  fine: ['ALTER TABLE app_schema.users SET (autovacuum_enabled = true)'],
});
