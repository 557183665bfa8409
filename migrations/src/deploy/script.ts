import { createHash } from 'node:crypto';
import type { Node } from 'libpg-query';
import { UserError } from '../errors/index.js';
import type { Migration } from '../history/index.js';
import { type Statement as Parsed, readStatements } from '../sql/index.js';
import { type Alone, mustRunAlone } from './alone.js';

export interface Statement {
  text: string;
  /** Line of the file on which it begins. */
  line: number;
}

/** What commits together: statements in one transaction, or one statement that PostgreSQL runs only outside of any. */
export interface Step {
  statements: Statement[];
  alone?: Alone;
  digest: string;
}

/**
 * Splits a script where it commits: at an explicit COMMIT and around each statement that cannot run in a
 * transaction. Everything else is one step, so an ordinary migration is one transaction.
 */
export async function readSteps(migration: Migration): Promise<Step[]> {
  const statements = await readStatements(migration.sql);
  // What this grammar does not know, the server has to judge as a whole.
  if (!statements) return [atomic([{ text: migration.sql, line: 1 }])];
  return splitSteps(statements, migration);
}

function splitSteps(parsed: Parsed[], { name, file }: Migration): Step[] {
  const steps: Step[] = [];
  let current: Statement[] = [];
  let openedAt: number | undefined;
  const close = () => {
    if (current.length > 0) steps.push(atomic(current));
    current = [];
  };
  for (const { node, text, line } of parsed) {
    const control = transactionControl(node);
    const alone = openedAt === undefined ? mustRunAlone(node) : undefined;
    if (control === 'begin') openedAt ??= line;
    else if (control === 'commit') {
      openedAt = undefined;
      close();
    } else if (control === 'refused') throw refuse(`${file}:${line}: ${text} in the migration ${name}`);
    else if (alone) {
      close();
      steps.push({ statements: [{ text, line }], alone, digest: digest(text) });
    } else current.push({ text, line });
  }
  if (openedAt !== undefined)
    throw refuse(`${file}:${openedAt}: BEGIN without COMMIT in the migration ${name}`);
  close();
  return steps.length > 0 ? steps : [atomic([])];
}

const atomic = (statements: Statement[]): Step => ({
  statements,
  digest: digest(statements.map(({ text }) => text).join(';\n')),
});

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

const controls: Record<string, 'begin' | 'commit' | 'refused'> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'refused',
  TRANS_STMT_PREPARE: 'refused',
  TRANS_STMT_COMMIT_PREPARED: 'refused',
  TRANS_STMT_ROLLBACK_PREPARED: 'refused',
};

function transactionControl(node: Node): 'begin' | 'commit' | 'refused' | undefined {
  if (!('TransactionStmt' in node)) return undefined;
  const { kind, chain } = node.TransactionStmt;
  return chain ? 'refused' : controls[kind ?? ''];
}

const refuse = (what: string) =>
  new UserError('TRANSACTION_CONTROL', `${what} cannot be deployed.`, {
    hint: 'A migration may contain whole BEGIN … COMMIT blocks. What it rolls back it need not do.',
  });
