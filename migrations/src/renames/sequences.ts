import { quote, quoted, type Rename } from './rename.js';
import { type Shape, sameName, type Table } from './shape.js';

/** PostgreSQL names the sequence of a serial column after table and column, and leaves it so when they are renamed. */
export function sequenceStatements(renames: Rename[], { tables }: Shape): string[] {
  return tables.flatMap((table) =>
    [...table.columns].flatMap(([column, type]) =>
      type.endsWith('serial') ? sequenceStatement(renames, table, column) : [],
    ),
  );
}

function sequenceStatement(renames: Rename[], table: Table, column: string): string[] {
  const whole = renames.find((each) => each.kind === 'table' && sameName(each.from, table));
  const { schema, name } = whole?.kind === 'table' ? whole.to : table;
  const part = renames.find(
    (each) => each.kind === 'column' && sameName(each.of, { schema, name }) && each.from === column,
  );
  const before = sequenceOf(table.name, column);
  const after = sequenceOf(name, part?.kind === 'column' ? part.to : column);
  // Where somebody has named it otherwise, that name stays.
  return before === after
    ? []
    : [`ALTER SEQUENCE IF EXISTS ${quoted({ schema, name: before })} RENAME TO ${quote(after)};`];
}

const sequenceOf = (table: string, column: string): string => `${table}_${column}_seq`;
