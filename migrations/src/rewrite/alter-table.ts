import type { AlterTableCmd, AlterTableStmt, ColumnDef, Constraint, Node } from 'libpg-query';
import { volatileFunction } from '../locks/index.js';
import { quote } from '../renames/index.js';
import type { Rewritten, Target } from './command.js';
import type { RewriteContext } from './context.js';
import { setDefault } from './counting-default.js';
import { constraintsOf, printExpression } from './expression.js';
import { addKey, goneWithKeys } from './key.js';
import type { Piece } from './piece.js';
import { fill, requireValue } from './required.js';
import { withoutSerial } from './serial.js';
import { nameOf, printCommands } from './sql.js';
import { alterType } from './type-change.js';

/** One ALTER TABLE of an existing table, as what can be done at once and what has to wait. */
export function rewriteAlterTable(statement: AlterTableStmt, context: RewriteContext): Piece[] {
  const target = { statement, table: nameOf(statement.relation), context };
  const commands = (statement.cmds ?? []).flatMap((node) =>
    'AlterTableCmd' in node ? [node.AlterTableCmd] : [],
  );
  const foreign = commands.some(addsForeignKey);
  const later = goneWithKeys(target);
  const results = commands
    .filter((command) => !later.includes(command) && !(foreign && command.subtype === 'AT_DropConstraint'))
    .map((command) => rewriteCommand(command, target));
  const plain = results.flatMap((each) => each.plain);
  const main: Piece[] =
    plain.length === 0
      ? []
      : [
          {
            phase: 'main',
            locks: [target.table],
            sql: [
              ...new Set(results.flatMap((each) => each.before ?? [])),
              ...new Set(results.flatMap((each) => each.reason ?? [])),
              printCommands(statement, plain),
              ...results.flatMap((each) => each.after ?? []),
            ].join('\n'),
            label: `alter_${statement.relation?.relname}`,
          },
        ];
  return [...main, ...results.flatMap((each) => each.later ?? [])];
}

const addsForeignKey = ({ subtype, def }: AlterTableCmd): boolean =>
  subtype === 'AT_AddConstraint' &&
  def !== undefined &&
  'Constraint' in def &&
  def.Constraint.contype === 'CONSTR_FOREIGN';

function rewriteCommand(command: AlterTableCmd, target: Target): Rewritten {
  const { def } = command;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return def && 'ColumnDef' in def ? addColumn(command, def.ColumnDef, target) : { plain: [command] };
    case 'AT_ColumnDefault':
      return setDefault(command, target);
    case 'AT_SetNotNull':
      return { plain: [], later: setNotNull(command.name ?? '', target) };
    case 'AT_AlterColumnType':
      return def && 'ColumnDef' in def ? alterType(command, def.ColumnDef, target) : { plain: [command] };
    case 'AT_AddConstraint':
      return def && 'Constraint' in def
        ? addConstraint(command, def.Constraint, target)
        : { plain: [command] };
    default:
      return { plain: [command] };
  }
}

function setNotNull(column: string, { table, context }: Target): Piece[] {
  const value = context.fills.get(`${table}.${column}`);
  return [...fill({ table, column }, value), ...requireValue({ table, column }, value)];
}

function addColumn(command: AlterTableCmd, written: ColumnDef, target: Target): Rewritten {
  const { table, context, statement } = target;
  const serial = withoutSerial(written, statement.relation);
  const definition = serial?.definition ?? written;
  const column = definition.colname ?? '';
  const constraints = constraintsOf(definition);
  const isRequired = constraints.some(({ contype }) => contype === 'CONSTR_NOTNULL');
  const given = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT')?.raw_expr;
  const isVolatile = given !== undefined && volatileFunction(given, context.before) !== undefined;
  if (!isVolatile && (!isRequired || given)) return { plain: [command] };
  const value = given ? { sql: printExpression(given) } : context.fills.get(`${table}.${column}`);
  return {
    before: serial?.before,
    plain: [
      { ...command, def: { ColumnDef: { ...definition, constraints: loose(constraints, isVolatile) } } },
    ],
    later: [
      ...(isVolatile ? [defaultLater(column, given, target, serial?.after)] : []),
      ...fill({ table, column }, value),
      ...(isRequired ? requireValue({ table, column, hasDefault: isVolatile }, value) : []),
    ],
  };
}

/** Without what would make PostgreSQL refuse the column, or write every row anew for it. */
const loose = (constraints: Constraint[], isVolatile: boolean): Node[] =>
  constraints
    .filter(({ contype }) => contype !== 'CONSTR_NOTNULL' && !(isVolatile && contype === 'CONSTR_DEFAULT'))
    .map((constraint) => ({ Constraint: constraint }));

function defaultLater(
  column: string,
  value: Node,
  { table, statement }: Target,
  after: string[] = [],
): Piece {
  const command: AlterTableCmd = {
    subtype: 'AT_ColumnDefault',
    name: column,
    def: value,
    behavior: 'DROP_RESTRICT',
  };
  const sql = [printCommands(statement, [command]), ...after].join('\n');
  return { phase: 'main', locks: [table], sql, label: `default_${column}` };
}

function addConstraint(command: AlterTableCmd, constraint: Constraint, target: Target): Rewritten {
  switch (constraint.contype) {
    case 'CONSTR_FOREIGN':
    case 'CONSTR_CHECK':
      return { plain: [], later: addChecked(command, constraint, target) };
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
      return { plain: [], later: addKey(command, constraint, target) };
    default:
      return { plain: [command] };
  }
}

function addChecked(command: AlterTableCmd, constraint: Constraint, { statement, table }: Target): Piece[] {
  const name = constraint.conname ?? '';
  const parent = constraint.pktable ? nameOf(constraint.pktable) : table;
  const unchecked = { ...constraint, skip_validation: true, initially_valid: false };
  return [
    {
      phase: 'constrain',
      locks: [table, parent],
      sql: printCommands(statement, [
        ...(constraint.contype === 'CONSTR_FOREIGN' ? droppedBy(statement) : []),
        { ...command, def: { Constraint: unchecked } },
      ]),
      label: `add_${name}`,
    },
    {
      phase: 'validate',
      locks: [table],
      sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${quote(name)};`,
      label: `validate_${name}`,
    },
  ];
}

const droppedBy = ({ cmds = [] }: AlterTableStmt): AlterTableCmd[] =>
  cmds.flatMap((node) =>
    'AlterTableCmd' in node && node.AlterTableCmd.subtype === 'AT_DropConstraint' ? [node.AlterTableCmd] : [],
  );
