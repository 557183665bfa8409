import { mustRunAlone } from '../../deploy/alone.js';
import type { Rule } from '../rule.js';

export const concurrentlyInTransaction: Rule = {
  id: 'concurrently-in-transaction',
  title: 'Something that PostgreSQL refuses between BEGIN and COMMIT',
  level: 'error',
  *check({ node, isInBlock }) {
    if (!isInBlock || !mustRunAlone(node)) return;
    yield {
      message:
        'PostgreSQL refuses this statement between BEGIN and COMMIT (error 25001), so the migration fails.',
      help: 'Move it to a migration of its own, without BEGIN and COMMIT.',
    };
  },
};
