import type { AlterTableCmd, ColumnDef } from 'libpg-query';
import { dependsOnTimezone, isFreeTypeChange } from '../locks/index.js';
import { quote } from '../renames/index.js';
import { nameOf, writeType } from '../sql/index.js';
import type { Rewritten, Target } from './command.js';
import { widenSerial } from './serial.js';

export function alterType(
  command: AlterTableCmd,
  written: ColumnDef,
  { statement, context, table }: Target,
): Rewritten {
  const column = command.name ?? '';
  const serial = widenSerial(written, column, statement.relation);
  const definition = serial?.definition ?? written;
  const from = context.before.table(nameOf(statement.relation))?.columns.get(column)?.type ?? '';
  const to = writeType(definition.typeName);
  if (isFreeTypeChange({ from, to, isUtc: false })) return { plain: [command] };
  const before = dependsOnTimezone(from, to) ? [`SET LOCAL timezone = 'UTC';`] : [];
  if (isFreeTypeChange({ from, to, isUtc: true })) return { before, plain: [command] };
  const reason = context.allowRewrite(
    `${table}.${quote(column)}`,
    to.startsWith('timestamptz') ? fullPrecision : undefined,
  );
  return {
    before,
    reason,
    plain: [{ ...command, def: { ColumnDef: definition } }],
    after: serial?.after,
  };
}

// PostgreSQL forgets the precision of the old values between the two kinds, and would round every one of them again.
const fullPrecision = 'A timestamp becomes @db.Timestamptz(6), with full precision, without that.';
