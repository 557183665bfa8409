import type { Rule } from '../rule.js';
import { endlessTimeout } from '../settings.js';

export const lockTimeoutZero: Rule = {
  id: 'lock-timeout-zero',
  title: 'Waiting for locks without end',
  level: 'error',
  *check({ node }) {
    if (endlessTimeout(node) !== 'lock_timeout') return;
    yield {
      message:
        'Without lock_timeout a statement that waits for a lock waits without end, and every later query of the table queues behind it: reads and writes wait.',
      help: 'Remove it: `yarn db deploy` sets a short lock_timeout and tries again. To wait longer, set the time.',
    };
  },
};
