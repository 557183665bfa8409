import { describeRule } from '../../../test/lint/describe-rule.js';
import { droppedInUse } from './dropped-in-use.js';

const declared = {
  tables: new Map([['app_schema.users', new Set(['id', 'email', 'name'])]]),
  enums: new Map([['app_schema.state', ['NEW', 'OPEN', 'OLD', 'GONE']]]),
};

describeRule(droppedInUse, {
  bad: [
    { sql: 'ALTER TABLE app_schema.users DROP COLUMN email', declared },
    { sql: 'DROP TABLE app_schema.users', declared, also: ['fk-drop'] },
  ],
  good: [
    {
      sql: `-- lint: allow drop-column because it is gone from the schema
ALTER TABLE app_schema.users DROP COLUMN age`,
      declared,
    },
  ],
  fine: [
    {
      sql: `-- lint: allow drop-column because it is made anew
ALTER TABLE app_schema.users DROP COLUMN name;
ALTER TABLE app_schema.users ADD COLUMN name text`,
      declared,
    },
  ],
});
