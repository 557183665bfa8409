import type { Rule } from '../rule.js';
import { timeoutsSet } from '../settings.js';

const limits = new Map([
  ['statement_timeout', 'a statement that runs away holds its locks without end'],
  ['idle_in_transaction_session_timeout', 'a transaction that nobody ends keeps its locks without end'],
  ['transaction_timeout', 'a transaction that runs away holds its locks without end'],
]);

export const statementTimeoutZero: Rule = {
  id: 'statement-timeout-zero',
  title: 'Running without end',
  level: 'advice',
  *check({ node }) {
    const { name = '' } =
      timeoutsSet(node).find(({ name, ms }) => limits.has(name) && !Number.isFinite(ms)) ?? {};
    const danger = limits.get(name);
    if (!danger) return;
    yield {
      message: `Without ${name} ${danger}: what it locks stays locked, and vacuum cannot clean up behind it.`,
      help: `Remove it: \`yarn db deploy\` sets a long one (--statement-timeout). Where more is needed, set the time: SET LOCAL ${name} = '2h';`,
    };
  },
};
