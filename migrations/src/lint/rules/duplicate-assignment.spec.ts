import { describeRule } from '../../../test/lint/describe-rule.js';
import { duplicateAssignment } from './duplicate-assignment.js';

describeRule(duplicateAssignment, {
  bad: [
    "UPDATE app_schema.users SET name = 'a', age = 1, name = 'b' WHERE id = '1'",
    "INSERT INTO app_schema.users (id, id) VALUES ('1', '2')",
    "INSERT INTO app_schema.users (id) VALUES ('1') ON CONFLICT (id) DO UPDATE SET age = 1, age = 2",
  ],
  good: ["UPDATE app_schema.users SET name = 'a', age = 1 WHERE id = '1'"],
  fine: ["UPDATE app_schema.users SET tags[1] = 'a', tags[2] = 'b' WHERE id = '1'"],
});
