import { mustRunAlone } from '../deploy/alone.js';
import { type Catalog, type Lock, locksOf, workOf } from '../locks/index.js';
import { nameOf, type Statement } from '../sql/index.js';
import { namesOf } from './names.js';
import type { Alteration, Examined, MigrationContext, SquawkFinding, StatementContext } from './rule.js';

export type Shared = MigrationContext & Pick<StatementContext, 'catalog' | 'final'>;

/** Each statement with what the rules may ask of it. The caller replays it before it asks for the next. */
export function* examine(shared: Shared, squawk: SquawkFinding[]): Generator<[number, StatementContext]> {
  const { catalog, script } = shared;
  const transactions = new Transactions();
  let examined: Examined[] = [];
  for (const [index, statement] of script.statements.entries()) {
    transactions.enter(statement, index);
    const locks = locksOf(statement.node, catalog);
    const work = workOf(statement.node, locks);
    const next = script.statements[index + 1];
    const context: StatementContext = {
      ...shared,
      node: statement.node,
      statement,
      locks,
      work,
      names: namesOf(statement.node),
      isInBlock: transactions.isInBlock,
      alterations: alterationsOf(statement, catalog),
      earlier: examined.slice(transactions.start),
      earlierInFile: examined.slice(),
      later: script.statements.slice(index + 1),
      squawk: squawk.filter((found) => standsIn(found, statement, next)),
    };
    yield [index, context];
    examined.push({ statement, locks, work });
    examined = underNewName(examined, statement, catalog);
    transactions.leave(statement, index);
  }
}

/** What ran before, with the locks that are held on a table that a statement renames under its new name. */
function underNewName(examined: Examined[], { node }: Statement, catalog: Catalog): Examined[] {
  if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_TABLE') return examined;
  const from = nameOf(node.RenameStmt.relation);
  const table = { schema: from.schema, name: node.RenameStmt.newname ?? '' };
  const follow = (lock: Lock) => (catalog.isSame(lock.table, from) ? { ...lock, table } : lock);
  return examined.map((each) => ({ ...each, locks: each.locks.map(follow) }));
}

/** Which statements commit together: those of a block, and those between statements that must be alone. */
class Transactions {
  /** The first statement of the current one. */
  start = 0;
  isInBlock = false;

  enter({ node }: Statement, index: number): void {
    if (this.isAlone(node)) this.start = index;
  }

  leave({ node }: Statement, index: number): void {
    const kind = 'TransactionStmt' in node ? node.TransactionStmt.kind : undefined;
    const ends = kind === 'TRANS_STMT_COMMIT' || kind === 'TRANS_STMT_ROLLBACK';
    if (ends || this.isAlone(node)) this.start = index + 1;
    if (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START') this.isInBlock = true;
    if (ends) this.isInBlock = false;
  }

  private isAlone(node: Statement['node']): boolean {
    return !this.isInBlock && mustRunAlone(node) !== undefined;
  }
}

const standsIn = (found: SquawkFinding, from: Statement, to: Statement | undefined) =>
  isAtOrAfter(found, from) && !(to && isAtOrAfter(found, to));

const isAtOrAfter = (a: { line: number; column: number }, b: { line: number; column: number }) =>
  a.line > b.line || (a.line === b.line && a.column >= b.column);

function alterationsOf({ node }: Statement, catalog: Catalog): Alteration[] {
  if (!('AlterTableStmt' in node) || node.AlterTableStmt.objtype === 'OBJECT_INDEX') return [];
  const table = nameOf(node.AlterTableStmt.relation);
  const isNew = catalog.isNew(table);
  return (node.AlterTableStmt.cmds ?? []).flatMap((command) =>
    'AlterTableCmd' in command ? [{ table, command: command.AlterTableCmd, isNew }] : [],
  );
}
