import type { AlterTableCmd, AlterTableStmt, Constraint } from 'libpg-query';
import { UserError } from '../errors/index.js';
import type { Table } from '../locks/index.js';
import { quote } from '../renames/index.js';
import { nameOf as readName, textsOf } from '../sql/index.js';
import type { Target } from './command.js';
import { addedKey } from './index-changes.js';
import type { Piece } from './piece.js';
import { nameOf, printCommands, shortName } from './sql.js';

/** The index is built while others read and write; the key then only takes it over, as the old one gives way. */
export function addKey(command: AlterTableCmd, constraint: Constraint, target: Target): Piece[] {
  const { statement, table } = target;
  const name = constraint.conname ?? '';
  const index = shortName('new', name);
  const columns = textsOf(constraint.keys).map(quote).join(', ');
  const { keys: _, ...rest } = constraint;
  const gone = goneWith(constraint, target);
  for (const { subtype, name: key = '' } of gone)
    if (subtype === 'AT_DropConstraint') assertUnused(key, target);
  return [
    {
      phase: 'index',
      locks: [],
      sql: `CREATE UNIQUE INDEX CONCURRENTLY ${quote(index)} ON ${table} (${columns});`,
      alone: true,
      label: `index_${name}`,
    },
    {
      phase: 'key',
      locks: [table],
      sql: printCommands(statement, [
        ...gone,
        // The writer of SQL leaves this name as it is, where it quotes others.
        { ...command, def: { Constraint: { ...rest, indexname: quote(index) } } },
      ]),
      label: `add_${name}`,
    },
  ];
}

/** The commands that have to wait for a new key: what drops the old one, and the columns that it stands on. */
export const goneWithKeys = (target: Target): AlterTableCmd[] =>
  commandsOf(target.statement)
    .flatMap((command) => addedKey(command) ?? [])
    .flatMap((key) => goneWith(key, target));

function goneWith({ conname, contype }: Constraint, { statement, context }: Target): AlterTableCmd[] {
  const known = context.before.table(readName(statement.relation))?.constraints;
  const commands = commandsOf(statement);
  const isPrimary = (name: string) => contype === 'CONSTR_PRIMARY' && known?.get(name)?.kind === 'primary';
  const keys = commands.filter(
    ({ subtype, name = '' }) => subtype === 'AT_DropConstraint' && (name === conname || isPrimary(name)),
  );
  const columns = keys.flatMap(({ name = '' }) => known?.get(name)?.columns ?? []);
  return [
    ...keys,
    ...commands.filter(({ subtype, name = '' }) => subtype === 'AT_DropColumn' && columns.includes(name)),
  ];
}

/** PostgreSQL keeps a key to which a foreign key refers. */
function assertUnused(key: string, { statement, table, context: { before, indexes } }: Target): void {
  const name = readName(statement.relation);
  const columns = before.table(name)?.constraints.get(key)?.columns ?? [];
  const user = before
    .referencesTo(name)
    .find(
      ({ table: other, constraint }) =>
        isSameSet(constraint.referenced ?? [], columns) &&
        !indexes.droppedConstraints.has(`${nameOfTable(other)}.${constraint.name}`),
    );
  if (!user) return;
  throw new UserError(
    'KEY_IN_USE',
    `${table} cannot get another primary key while the foreign key ${user.constraint.name} of ${nameOfTable(user.table)} refers to the old one. Nothing was written.`,
    {
      hint: 'Make it three edits, each with a migration of its own: take the relation out of schema.prisma (both its fields, but not the column); change the key, with @unique on what the relation refers to; put the relation back.',
    },
  );
}

const isSameSet = (a: string[], b: string[]) => a.length === b.length && a.every((each) => b.includes(each));

const nameOfTable = ({ schema, name }: Table): string => nameOf({ schemaname: schema, relname: name });

const commandsOf = ({ cmds = [] }: AlterTableStmt): AlterTableCmd[] =>
  cmds.flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));
