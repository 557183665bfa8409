import type { Rule } from '../rule.js';

export const nestedTransaction: Rule = {
  id: 'nested-transaction',
  title: 'A transaction inside a transaction',
  level: 'error',
  squawk: ['transaction-nesting'],
  *check({ squawk, node, isInBlock }) {
    const kind = 'TransactionStmt' in node ? node.TransactionStmt.kind : undefined;
    const begins = kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START';
    // squawk assumes a transaction around each file, and does not know which statements end one.
    if (squawk.length === 0 || !kind || begins !== isInBlock) return;
    yield begins
      ? {
          message: 'BEGIN inside a transaction does nothing: the next COMMIT ends the outer one.',
          help: 'Keep one BEGIN … COMMIT around what belongs together, or none: a migration is one transaction by itself.',
        }
      : {
          message:
            'This ends a transaction that no BEGIN of this file began: what came before it is committed on its own.',
          help: 'Remove it, or write BEGIN where the transaction should start.',
        };
  },
};
