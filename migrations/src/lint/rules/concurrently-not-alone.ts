import { mustRunAlone } from '../../deploy/alone.js';
import type { Rule } from '../rule.js';

export const concurrentlyNotAlone: Rule = {
  id: 'concurrently-not-alone',
  title: 'Something that must be alone in its migration',
  level: 'error',
  *check({ node, isInBlock, script }) {
    if (isInBlock || script.statements.length === 1 || !mustRunAlone(node)) return;
    yield {
      message:
        'This statement cannot run in a transaction, and Prisma sends the statements of one file together, as one transaction: PostgreSQL refuses it (error 25001).',
      help: 'Move it to a migration of its own.',
    };
  },
};
