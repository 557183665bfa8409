import { describeRule } from '../../../test/lint/describe-rule.js';
import { serialColumn } from './serial-column.js';

describeRule(serialColumn, {
  bad: [
    'ALTER TABLE app_schema.users ADD COLUMN number serial',
    'ALTER TABLE app_schema.users ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY',
  ],
  good: [
    "ALTER TABLE app_schema.users ADD COLUMN number bigint; CREATE SEQUENCE app_schema.s OWNED BY app_schema.users.number; ALTER TABLE app_schema.users ALTER COLUMN number SET DEFAULT nextval('app_schema.s')",
  ],
  fine: ['CREATE TABLE app_schema.fresh (id bigserial PRIMARY KEY)'],
});
