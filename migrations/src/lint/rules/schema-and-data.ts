import { type Lock, stopsWrites } from '../../locks/index.js';
import { writeName } from '../../sql/index.js';
import type { Examined, Rule } from '../rule.js';

export const schemaAndData: Rule = {
  id: 'schema-and-data',
  title: 'A schema change and a write to rows in one transaction',
  level: 'error',
  *check(context) {
    const { earlier, locks } = context;
    if (writesRows(context)) {
      const held = earlier.findLast((each) => exclusive(each));
      const lock = held && exclusive(held);
      if (!held || !lock) return;
      yield {
        message: `This writes rows while ${lock.mode} on ${writeName(lock.table)}, taken on line ${held.statement.line}, is held: ${blocked(lock)} wait until the last row is written.`,
        help: 'Keep the schema change here and write the rows in batches outside of it: `yarn db data new`.',
      };
    } else {
      const lock = locks.find(isExclusive);
      const write = earlier.find((each) => writesRows(each) && !each.locks.every(({ isNew }) => isNew));
      if (!lock || !write) return;
      yield {
        message: `This takes ${lock.mode} on ${writeName(lock.table)} in the transaction that writes rows on line ${write.statement.line}: the rows stay locked until it gets the lock, and deadlocks with whoever waits for them.`,
        help: 'Write the rows in batches before this migration: `yarn db data new`.',
      };
    }
  },
};

/** Also where it is part of a query, and where it reads more than it writes. */
const writesRows = ({ locks }: Pick<Examined, 'locks'>): boolean =>
  locks.some(({ mode }) => mode === 'ROW EXCLUSIVE');

const exclusive = ({ locks }: Examined): Lock | undefined => locks.find(isExclusive);
const isExclusive = ({ mode, isNew }: Lock) => !isNew && stopsWrites(mode);
const blocked = ({ mode }: Lock) => (mode === 'ACCESS EXCLUSIVE' ? 'reads and writes' : 'writes');
