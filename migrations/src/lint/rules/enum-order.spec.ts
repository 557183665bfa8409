import { describeRule } from '../../../test/lint/describe-rule.js';
import { enumOrder } from './enum-order.js';

const declared = {
  tables: new Map([['app_schema.users', new Set(['id', 'email', 'name'])]]),
  enums: new Map([['app_schema.state', ['NEW', 'OPEN', 'OLD', 'GONE']]]),
};

describeRule(enumOrder, {
  bad: [{ sql: "ALTER TYPE app_schema.state ADD VALUE 'OPEN'", declared }],
  good: [{ sql: "ALTER TYPE app_schema.state ADD VALUE 'OPEN' BEFORE 'OLD'", declared }],
  fine: [
    { sql: "ALTER TYPE app_schema.state ADD VALUE 'GONE'", declared },
    "ALTER TYPE app_schema.state ADD VALUE 'ELSE'",
  ],
});
