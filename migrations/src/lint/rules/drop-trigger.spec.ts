import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropTrigger } from './drop-trigger.js';

const make = 'CREATE OR REPLACE TRIGGER users_touch BEFORE INSERT ON app_schema.users';

describeRule(dropTrigger, {
  bad: [
    'DROP TRIGGER users_touch ON app_schema.users',
    'DROP TRIGGER IF EXISTS users_touch ON app_schema.users',
  ],
  good: [`${make} FOR EACH ROW EXECUTE FUNCTION app_schema.touch()`],
  fine: ['DROP FUNCTION app_schema.steady()'],
});
