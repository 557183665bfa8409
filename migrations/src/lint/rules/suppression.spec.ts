import { describeRule } from '../../../test/lint/describe-rule.js';
import { suppression } from './suppression.js';

describeRule(suppression, {
  bad: [
    `-- lint: allow no-such-rule because x
SELECT 1`,
    `-- lint: allow truncate because x
SELECT 1`,
    {
      sql: `-- lint: allow truncate
TRUNCATE app_schema.users`,
      also: ['truncate'],
    },
    `-- lint: truncate is allowed
SELECT 1`,
    `SELECT 1;

-- lint: allow truncate because x`,
  ],
  good: [
    `-- lint: allow truncate because it is a cache
TRUNCATE app_schema.users`,
    'TRUNCATE app_schema.users; -- lint: allow truncate because it is a cache',
    `TRUNCATE
  -- lint: allow truncate because it is a cache
  app_schema.users`,
  ],
  fine: [
    "SELECT '-- lint: allow truncate because x'",
    `-- linting is good for you
SELECT 1`,
  ],
});
