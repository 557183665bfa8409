import { describeRule } from '../../../test/lint/describe-rule.js';
import { createPartitionOf } from './create-partition-of.js';

describeRule(createPartitionOf, {
  bad: [
    "CREATE TABLE app_schema.e PARTITION OF app_schema.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  ],
  good: [
    "CREATE TABLE app_schema.e (LIKE app_schema.events INCLUDING ALL); ALTER TABLE app_schema.events ATTACH PARTITION app_schema.e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  ],
  fine: [
    'CREATE TABLE app_schema.p (n int) PARTITION BY LIST (n); CREATE TABLE app_schema.p1 PARTITION OF app_schema.p FOR VALUES IN (1)',
  ],
});
