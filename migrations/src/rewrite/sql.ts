import { createHash } from 'node:crypto';
import type { AlterTableCmd, AlterTableStmt, Node, RangeVar } from 'libpg-query';
import { deparseSync } from 'pgsql-deparser';
import { maxNameBytes, quote } from '../renames/rename.js';

/** A statement as text, on one line. */
export const print = (node: Node): string => `${deparseSync(node, { pretty: false })};`;

/** `ALTER TABLE` with some of a statement's commands. */
export const printCommands = (statement: AlterTableStmt, commands: AlterTableCmd[]): string =>
  print({ AlterTableStmt: { ...statement, cmds: commands.map((command) => ({ AlterTableCmd: command })) } });

export const nameOf = (relation: RangeVar | undefined): string =>
  [relation?.schemaname, relation?.relname].flatMap((part) => (part ? [quote(part)] : [])).join('.');

/** A name within PostgreSQL's 63 bytes, the same each time; one that has to be cut stays unlike others that begin so. */
export function shortName(...parts: string[]): string {
  const name = parts.join('_');
  if (Buffer.byteLength(name) <= maxNameBytes) return name;
  const mark = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`;
  const letters = [...name];
  while (Buffer.byteLength(letters.join('') + mark) > maxNameBytes) letters.pop();
  return letters.join('') + mark;
}

/** A text in dollar quotes that do not occur in it. */
export function dollarQuoted(text: string): string {
  let tag = '$$';
  for (let count = 1; text.includes(tag); count += 1) tag = `$body${count}$`;
  return tag + text + tag;
}
