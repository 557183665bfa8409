import { describeRule } from '../../../test/lint/describe-rule.js';
import { lockTimeoutZero } from './lock-timeout-zero.js';

describeRule(lockTimeoutZero, {
  bad: [
    'SET lock_timeout = 0',
    "SET LOCAL lock_timeout = '0s'",
    'SET lock_timeout TO DEFAULT',
    "SET LOCAL lock_timeout = '2h'",
    'SET lock_timeout = 5000',
    "SELECT set_config('lock_timeout', '0', true)",
    "SELECT pg_catalog.set_config('lock_timeout', '1min', false)",
  ],
  good: ["SET LOCAL lock_timeout = '2s'"],
  fine: [
    "SET LOCAL statement_timeout = '1h'",
    'SET lock_timeout = 500',
    "SELECT set_config('lock_timeout', '1s', true)",
  ],
});
