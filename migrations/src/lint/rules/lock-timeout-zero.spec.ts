import { describeRule } from '../../../test/lint/describe-rule.js';
import { lockTimeoutZero } from './lock-timeout-zero.js';

describeRule(lockTimeoutZero, {
  bad: ['SET lock_timeout = 0', "SET LOCAL lock_timeout = '0s'", 'SET lock_timeout TO DEFAULT'],
  good: ["SET LOCAL lock_timeout = '5s'"],
  fine: ["SET LOCAL statement_timeout = '1h'", 'SET lock_timeout = 500'],
});
