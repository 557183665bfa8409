import { describeRule } from '../../../test/lint/describe-rule.js';
import { dropColumn } from './drop-column.js';

const declared = {
  tables: new Map([['app_schema.users', new Set(['id', 'email', 'name'])]]),
  enums: new Map([['app_schema.state', ['NEW', 'OPEN', 'OLD', 'GONE']]]),
};

describeRule(dropColumn, {
  bad: [
    'ALTER TABLE app_schema.users DROP COLUMN age',
    { sql: 'ALTER TABLE app_schema.users DROP COLUMN age', declared },
  ],
  good: [
    `-- lint: allow drop-column because no release since May reads it
ALTER TABLE app_schema.users DROP COLUMN age`,
  ],
  fine: [
    `CREATE TABLE app_schema.fresh (id text PRIMARY KEY, n int, user_id text);
ALTER TABLE app_schema.fresh DROP COLUMN n`,
    'ALTER TABLE app_schema.users ALTER COLUMN age DROP DEFAULT',
  ],
});
