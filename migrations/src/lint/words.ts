import type { AlterTableCmd, Node } from 'libpg-query';
import { blockedBy, type LockMode } from '../locks/index.js';
import { type Name, writeName } from '../sql/index.js';
import { writeSql } from '../sql/write.js';

/** `takes ACCESS EXCLUSIVE on auth_schema.users: reads and writes wait` */
export const takes = (mode: LockMode, table: Name): string =>
  `takes ${mode} on ${writeName(table)}: ${blockedBy(mode)} wait`;

/** A help text: what to do, and the SQL that does it. */
export function instead(text: string, ...sql: string[]): string {
  const lines = sql.flatMap((each) => each.split('\n')).map((line) => (line ? `    ${line}` : ''));
  return [text, ...lines].join('\n');
}

/** Between two steps of a help text. */
export const nextMigration = '-- in the next migration:';

/** `ALTER TABLE` with one command. */
export const alterTable = (table: Name, command: AlterTableCmd): string =>
  writeSql({ AlterTableStmt: { ...onTable(table), cmds: [{ AlterTableCmd: command }] } });

const onTable = ({ schema, name }: Name) => ({
  relation: { ...(schema && { schemaname: schema }), relname: name, inh: true, relpersistence: 'p' },
  objtype: 'OBJECT_TABLE' as const,
});

/** A statement with some fields replaced. */
export const rewrite = (node: Node, change: object): string => {
  const [[kind, fields] = []] = Object.entries(node);
  return writeSql({ [String(kind)]: { ...(fields as object), ...change } } as Node);
};

/** A name for a constraint, as Prisma or PostgreSQL would form it. */
export const constraintName = ({ name }: Name, ...parts: string[]): string => [name, ...parts].join('_');
