import { describeRule } from '../../../test/lint/describe-rule.js';
import { enumAddAndUse } from './enum-add-and-use.js';

describeRule(enumAddAndUse, {
  bad: [
    "ALTER TYPE app_schema.state ADD VALUE 'GONE'; ALTER TABLE app_schema.users ALTER COLUMN state SET DEFAULT 'GONE'",
  ],
  good: ["ALTER TYPE app_schema.state ADD VALUE 'GONE'"],
  fine: [
    "ALTER TYPE app_schema.state ADD VALUE 'GONE'; ALTER TABLE app_schema.users ALTER COLUMN state SET DEFAULT 'OLD'",
    "CREATE TYPE app_schema.kind AS ENUM ('a'); ALTER TYPE app_schema.kind ADD VALUE 'b'; CREATE TABLE app_schema.fresh (kind app_schema.kind DEFAULT 'b')",
  ],
});
