import { describeRule } from '../../../test/lint/describe-rule.js';
import { detachPartition } from './detach-partition.js';

describeRule(detachPartition, {
  bad: ['ALTER TABLE app_schema.events DETACH PARTITION app_schema.events_2025'],
  good: ['ALTER TABLE app_schema.events DETACH PARTITION app_schema.events_2025 CONCURRENTLY'],
  fine: ['ALTER TABLE app_schema.events DETACH PARTITION app_schema.events_2025 FINALIZE'],
});
