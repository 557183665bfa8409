import type { AlterTableCmd, AlterTableStmt, Node } from 'libpg-query';
import type { Catalog } from '../locks/index.js';
import { nameOf, type Statement, textsOf } from '../sql/index.js';

/**
 * A foreign key that is dropped and added again, as Prisma writes a changed ON DELETE, becomes one statement: between
 * two, rows without a parent could come in.
 */
export function joinForeignKeys(statements: Statement[], before: Catalog): Statement[] {
  const joined = new Map<Statement, Statement[]>();
  const drops = statements.filter((each) => commandsOf(each)[0]?.subtype === 'AT_DropConstraint');
  for (const added of statements) {
    const dropped = drops.filter((each) => each !== added && isSameKey(each, added, before));
    if (dropped.length > 0 && !changesColumns(statements, added, before)) joined.set(added, dropped);
  }
  const gone = new Set([...joined.values()].flat());
  return statements
    .filter((each) => !gone.has(each))
    .map((each) => withCommands(each, (joined.get(each) ?? []).flatMap(commandNodes)));
}

/** Whether one statement does nothing but drop the foreign key whose columns the other makes one of again. */
function isSameKey(dropping: Statement, adding: Statement, before: Catalog): boolean {
  const [drop, ...more] = commandsOf(dropping);
  const key = foreignKeyOf(adding);
  const table = nameOf(alterTableOf(dropping)?.relation);
  if (!drop || more.length > 0 || drop.subtype !== 'AT_DropConstraint' || !key) return false;
  if (!before.isSame(table, nameOf(alterTableOf(adding)?.relation))) return false;
  const known = before.table(table)?.constraints.get(drop.name ?? '');
  if (!known?.references || !before.isSame(known.references, nameOf(key.pktable))) return false;
  return JSON.stringify(known.columns) === JSON.stringify(textsOf(key.fk_attrs));
}

/** Whether a column of either table goes or gets another type, which the old key could stand in the way of. */
function changesColumns(statements: Statement[], adding: Statement, before: Catalog): boolean {
  const tables = [alterTableOf(adding)?.relation, foreignKeyOf(adding)?.pktable].map(nameOf);
  return statements
    .filter((each) => tables.some((table) => before.isSame(table, nameOf(alterTableOf(each)?.relation))))
    .flatMap(commandsOf)
    .some(({ subtype }) => subtype === 'AT_AlterColumnType' || subtype === 'AT_DropColumn');
}

const alterTableOf = ({ node }: Statement): AlterTableStmt | undefined =>
  'AlterTableStmt' in node ? node.AlterTableStmt : undefined;

const commandNodes = (statement: Statement): Node[] => alterTableOf(statement)?.cmds ?? [];

const commandsOf = (statement: Statement): AlterTableCmd[] =>
  commandNodes(statement).flatMap((node) => ('AlterTableCmd' in node ? [node.AlterTableCmd] : []));

/** The one foreign key that a statement adds. */
function foreignKeyOf(statement: Statement) {
  const [{ subtype, def } = {}] = commandsOf(statement);
  const isKey = subtype === 'AT_AddConstraint' && def && 'Constraint' in def;
  return isKey && def.Constraint.contype === 'CONSTR_FOREIGN' ? def.Constraint : undefined;
}

function withCommands(statement: Statement, first: Node[]): Statement {
  const alter = alterTableOf(statement);
  if (!alter || first.length === 0) return statement;
  return { ...statement, node: { AlterTableStmt: { ...alter, cmds: [...first, ...(alter.cmds ?? [])] } } };
}
