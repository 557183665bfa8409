import type { Rule } from '../rule.js';

export const syntaxError: Rule = {
  id: 'syntax-error',
  title: 'A script that PostgreSQL cannot parse',
  level: 'error',
  *checkMigration({ script: { problem } }) {
    if (!problem) return;
    yield {
      message: `PostgreSQL cannot parse this: ${problem.message}.`,
      help: 'Correct it; nothing else of the file was looked at.',
      at: { line: problem.line, column: problem.column },
    };
  },
};
