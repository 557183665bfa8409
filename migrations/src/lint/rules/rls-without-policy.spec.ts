import { describeRule } from '../../../test/lint/describe-rule.js';
import { rlsWithoutPolicy } from './rls-without-policy.js';

describeRule(rlsWithoutPolicy, {
  bad: ['ALTER TABLE app_schema.users ENABLE ROW LEVEL SECURITY'],
  good: [
    'CREATE POLICY p ON app_schema.users USING (true); ALTER TABLE app_schema.users ENABLE ROW LEVEL SECURITY',
  ],
  fine: [
    'ALTER TABLE app_schema.users ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON app_schema.users USING (true)',
    'ALTER TABLE app_schema.users DISABLE ROW LEVEL SECURITY',
  ],
});
