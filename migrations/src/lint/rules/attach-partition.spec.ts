import { describeRule } from '../../../test/lint/describe-rule.js';
import { attachPartition } from './attach-partition.js';

describeRule(attachPartition, {
  bad: [
    "ALTER TABLE app_schema.events ATTACH PARTITION app_schema.events_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
  ],
  good: [
    {
      sql: "ALTER TABLE app_schema.events ATTACH PARTITION app_schema.e FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
      before:
        "CREATE TABLE app_schema.events (at timestamptz) PARTITION BY RANGE (at); CREATE TABLE app_schema.e (at timestamptz CHECK (at IS NOT NULL AND at >= '2026-01-01' AND at < '2027-01-01'))",
    },
  ],
  fine: [
    "CREATE TABLE app_schema.e (id bigint, at timestamptz(3)); ALTER TABLE app_schema.events ATTACH PARTITION app_schema.e FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')",
  ],
});
