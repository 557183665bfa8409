import { describeRule } from '../../../test/lint/describe-rule.js';
import { renameEnum } from './rename-enum.js';

describeRule(renameEnum, {
  bad: [
    "ALTER TYPE app_schema.state RENAME VALUE 'OLD' TO 'PAST'",
    'ALTER TYPE app_schema.state RENAME TO status',
  ],
  good: ["ALTER TYPE app_schema.state ADD VALUE 'PAST'"],
  fine: ["CREATE TYPE app_schema.kind AS ENUM ('a'); ALTER TYPE app_schema.kind RENAME VALUE 'a' TO 'b'"],
});
