import { describeRule } from '../../../test/lint/describe-rule.js';
import { outsideSchema } from './outside-schema.js';

describeRule(outsideSchema, {
  bad: [
    'ALTER TABLE other_schema.users ADD COLUMN a text',
    'CREATE TABLE public.t (n int)',
    'DROP INDEX CONCURRENTLY other_schema.i',
    'CREATE VIEW app_schema.v AS SELECT * FROM other_schema.users',
    "CREATE TYPE other_schema.kind AS ENUM ('a')",
  ],
  good: ['ALTER TABLE app_schema.users ADD COLUMN a text'],
  fine: [
    'CREATE SCHEMA IF NOT EXISTS app_schema',
    'CREATE VIEW app_schema.v AS SELECT oid FROM pg_catalog.pg_class',
    'CREATE EXTENSION IF NOT EXISTS pg_trgm',
  ],
});
