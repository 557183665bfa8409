import { AnswerNeeded } from '../errors/index.js';
import type { Catalog } from '../locks/index.js';
import type { Statement } from '../sql/index.js';
import type { EnumOrder } from './enum-value.js';
import { type IndexChanges, indexChanges } from './index-changes.js';
import { sequencesMade } from './sequences.js';
import { nameOf } from './sql.js';

/** What gives existing rows a value: an SQL expression, or a data migration that has to be complete before. */
export type Fill = { sql: string } | { dataMigration: string };

export interface RewriteOptions {
  /** The tables as they are before the migration. */
  before: Catalog;
  /** What existing rows get, by `"schema"."table".column`. */
  fills: Map<string, Fill>;
  /** The values of each enum in the order that the schema declares. */
  declared?: Catalog['enums'] | undefined;
  /** Why a table may be written anew while nobody can use it. */
  rewriteReason?: string | undefined;
}

export interface RewriteContext {
  fills: Map<string, Fill>;
  /** Tables that the same change makes: nobody uses them yet, so nothing has to be spared. */
  made: Set<string>;
  /** Sequences that the same change makes for columns that exist, by `"schema"."table".column`. */
  sequences: Map<string, string>;
  indexes: IndexChanges;
  before: Catalog;
  enums: EnumOrder;
  /** The comment that says why; refuses when no reason was given. */
  allowRewrite(what: string, instead?: string): string;
}

export function createContext(statements: Statement[], options: RewriteOptions): RewriteContext {
  return {
    fills: options.fills,
    made: tablesMade(statements),
    sequences: sequencesMade(statements),
    indexes: indexChanges(statements),
    before: options.before,
    enums: {
      before: options.before,
      values: new Map(options.before.enums),
      declared: options.declared ?? new Map(),
    },
    allowRewrite(what, instead = addAndSwap) {
      if (options.rewriteReason)
        return `-- lint: allow type-change because ${options.rewriteReason.replaceAll('\n', ' ')}`;
      throw new AnswerNeeded(
        'REWRITES_TABLE',
        `Changing the type of ${what} writes the whole table anew, and until that is done nobody can read or write it.`,
        {
          hint: `${instead} If the table is small or the service may stand still: --allow-rewrite "why".`,
        },
      );
    },
  };
}

const addAndSwap = 'Add a column of the new type, fill it, and drop the old one in a later release.';

export const tablesMade = (statements: Statement[]): Set<string> =>
  new Set(statements.flatMap(({ node }) => ('CreateStmt' in node ? [nameOf(node.CreateStmt.relation)] : [])));
