import { describeRule } from '../../../test/lint/describe-rule.js';
import { disableTrigger } from './disable-trigger.js';

describeRule(disableTrigger, {
  bad: [
    'ALTER TABLE app_schema.users DISABLE TRIGGER users_touch',
    'ALTER TABLE app_schema.users DISABLE TRIGGER ALL',
    'SET session_replication_role = replica',
    "SET LOCAL session_replication_role TO 'replica'",
  ],
  good: [
    'CREATE TRIGGER t BEFORE INSERT ON app_schema.users FOR EACH ROW EXECUTE FUNCTION app_schema.touch()',
  ],
  fine: ['ALTER TABLE app_schema.users ENABLE TRIGGER users_touch', 'SET session_replication_role = origin'],
});
