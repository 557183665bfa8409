import { type Lock, stopsWrites } from '../../locks/index.js';
import { writeName } from '../../sql/index.js';
import type { Rule, StatementContext } from '../rule.js';

export const multiTableLock: Rule = {
  id: 'multi-table-lock',
  title: 'Locks on two tables in one transaction',
  level: 'error',
  *check(context) {
    const { earlier, locks, catalog } = context;
    const before = earlier.flatMap((each) =>
      each.locks.filter(isNotable).map((lock) => ({ ...lock, line: each.statement.line })),
    );
    const own = locks.filter(isNotable);
    const isKnown = (lock: Lock) => before.some(({ table }) => catalog.isSame(table, lock.table));
    const [added] = own.filter((lock) => !isKnown(lock));
    const held =
      before.find(({ table }) => !own.some((lock) => catalog.isSame(lock.table, table))) ?? before[0];
    if (added && held) {
      yield problem(
        `This waits for ${added.mode} on ${writeName(added.table)} while the migration holds ${held.mode} on ${writeName(held.table)} (line ${held.line})`,
      );
    } else if (before.length === 0 && own.length > 1 && isAvoidable(context)) {
      yield problem(
        `This takes ${own.map(({ mode, table }) => `${mode} on ${writeName(table)}`).join(' and ')} together`,
      );
    }
  },
};

const problem = (what: string) => ({
  message: `${what}: whoever waits for the one waits for both, and a transaction that uses them the other way round deadlocks with it.`,
  help: 'One table per migration: move one of the statements to a migration of its own.',
});

const isNotable = ({ mode, isNew }: Lock) => stopsWrites(mode) && !isNew;

/** A foreign key needs both its tables; a new table could have its foreign keys one by one. */
const isAvoidable = ({ node }: StatementContext) => 'CreateStmt' in node || 'TruncateStmt' in node;
