import { describeRule } from '../../../test/lint/describe-rule.js';
import { vacuumFull } from './vacuum-full.js';

describeRule(vacuumFull, {
  bad: ['VACUUM FULL app_schema.users', 'CLUSTER app_schema.users USING users_pkey'],
  good: ['VACUUM app_schema.users'],
  fine: ['ANALYZE app_schema.users'],
});
