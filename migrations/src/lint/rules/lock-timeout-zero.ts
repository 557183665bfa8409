import { parseDuration, settingsHelp } from '../../deploy/settings.js';
import type { Rule } from '../rule.js';
import { timeoutsSet } from '../settings.js';

const longest = settingsHelp.lockTimeoutMaxMs.fallback;

export const lockTimeoutZero: Rule = {
  id: 'lock-timeout-zero',
  title: 'Waiting for locks without end, or for long',
  level: 'error',
  *check({ node }) {
    const found = timeoutsSet(node).find(({ name }) => name === 'lock_timeout');
    if (!found || found.ms <= (parseDuration(longest) ?? 0)) return;
    const queues = 'every later query of the table queues behind it: reads and writes wait';
    yield {
      message: Number.isFinite(found.ms)
        ? `With this lock_timeout a statement may wait for a lock for ${found.ms / 1000} s, and ${queues}. It takes the place of the deploy's own, which is ${longest} at most.`
        : `Without lock_timeout a statement that waits for a lock waits without end, and ${queues}.`,
      help: `Remove it: \`yarn db deploy\` sets a short lock_timeout and tries again. What is set here should be ${longest} at most.`,
    };
  },
};
