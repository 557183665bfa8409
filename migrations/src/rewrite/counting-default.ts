import type { AlterTableCmd } from 'libpg-query';
import { quote } from '../renames/index.js';
import type { Rewritten, Target } from './command.js';

/** A default that counts goes on after the highest number there is: a new sequence would give out taken ones. */
export function setDefault(command: AlterTableCmd, { table, context }: Target): Rewritten {
  const { name = '', def } = command;
  const sequence = context.sequences.get(`${table}.${name}`);
  if (!def || !sequence) return { plain: [command] };
  const next = `greatest(max(${quote(name)}), 0) + 1`;
  const set = `SELECT setval('${sequence.replaceAll("'", "''")}', ${next}, false) FROM ${table};`;
  return { before: [set], plain: [command] };
}
