import { describeRule } from '../../../test/lint/describe-rule.js';
import { statementTimeoutZero } from './statement-timeout-zero.js';

describeRule(statementTimeoutZero, {
  bad: [
    'SET statement_timeout = 0',
    "SET LOCAL statement_timeout = '0'",
    'RESET statement_timeout',
    'SET idle_in_transaction_session_timeout = 0',
    "SELECT set_config('statement_timeout', '0', true)",
  ],
  good: ["SET LOCAL statement_timeout = '2h'"],
  fine: ['SET LOCAL statement_timeout = 60000', 'SHOW statement_timeout'],
});
