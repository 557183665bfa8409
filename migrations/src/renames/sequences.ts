import { inOrder, type Step } from './order.js';
import { maxNameBytes, quote, quoted, type Rename } from './rename.js';
import { type Shape, sameName, type Table } from './shape.js';

/** PostgreSQL names the sequence of a serial column after table and column, and leaves it so when they are renamed. */
export function sequenceStatements(renames: Rename[], { tables }: Shape): string[] {
  const steps = tables.flatMap((table) =>
    [...table.columns].flatMap(([column, type]) =>
      type.endsWith('serial') ? [sequenceStep(renames, table, column)] : [],
    ),
  );
  return inOrder(steps.filter(({ from, to }) => from !== to));
}

function sequenceStep(renames: Rename[], table: Table, column: string): Step {
  const whole = renames.find((each) => each.kind === 'table' && sameName(each.from, table));
  const { schema, name } = whole?.kind === 'table' ? whole.to : table;
  const part = renames.find(
    (each) => each.kind === 'column' && sameName(each.of, { schema, name }) && each.from === column,
  );
  return {
    space: schema,
    from: sequenceOf(table.name, column),
    to: sequenceOf(name, part?.kind === 'column' ? part.to : column),
    // Where somebody has named it otherwise, that name stays.
    statement: (from, to) =>
      `ALTER SEQUENCE IF EXISTS ${quoted({ schema, name: from })} RENAME TO ${quote(to)};`,
  };
}

/** How PostgreSQL calls the sequence of a serial column: where both do not fit, the longer of the two is cut. */
export function sequenceOf(table: string, column: string): string {
  const parts = [table, column];
  const bytes = () => Buffer.byteLength(`${parts[0]}_${parts[1]}_seq`);
  const size = (part = '') => Buffer.byteLength(part);
  while (bytes() > maxNameBytes) {
    const longer = size(parts[0]) > size(parts[1]) ? 0 : 1;
    parts[longer] = [...(parts[longer] ?? '')].slice(0, -1).join('');
  }
  return `${parts[0]}_${parts[1]}_seq`;
}
