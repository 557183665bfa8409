import type { AlterTableCmd, AlterTableStmt } from 'libpg-query';
import type { RewriteContext } from './context.js';
import type { Piece } from './piece.js';

/** What a command of ALTER TABLE is part of. */
export interface Target {
  statement: AlterTableStmt;
  /** Quoted, with its schema. */
  table: string;
  context: RewriteContext;
}

export interface Rewritten {
  /** Statements that have to come before it in the same transaction. */
  before?: string[] | undefined;
  /** The comment that says why it may take its time; it must stand right before the commands. */
  reason?: string | undefined;
  /** Commands that lock the table only for a moment. */
  plain: AlterTableCmd[];
  /** Statements that have to come after it in the same transaction. */
  after?: string[] | undefined;
  later?: Piece[];
}
