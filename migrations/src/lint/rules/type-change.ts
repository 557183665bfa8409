import {
  type Catalog,
  dependsOnTimezone,
  isFreeTypeChange,
  isNarrowing,
  locksOfCommand,
} from '../../locks/index.js';
import { type Name, nameOfParts, writeIdentifier, writeName, writeType } from '../../sql/index.js';
import { onExisting } from '../constraints.js';
import type { Rule } from '../rule.js';
import { instead, takes } from '../words.js';

export const typeChange: Rule = {
  id: 'type-change',
  title: 'A change of type that rewrites the table or its indexes',
  level: 'error',
  *check(context) {
    for (const { table, command } of onExisting(context, 'AT_AlterColumnType')) {
      const { work } = locksOfCommand(command, table, context.catalog);
      if (work === 'brief' || !command.def || !('ColumnDef' in command.def)) continue;
      const { typeName } = command.def.ColumnDef;
      const change: Change = {
        table,
        column: command.name ?? '',
        from: context.catalog.table(table)?.columns.get(command.name ?? '')?.type,
        to: writeType(typeName),
        keepsRows: work === 'scan',
        isEnum: isEnum(nameOfParts(typeName?.names), context.catalog),
      };
      const until =
        work === 'scan'
          ? 'until its checks are tested and its indexes rebuilt'
          : 'while the whole table is rewritten';
      const loses =
        change.from && isNarrowing(change.from, change.to)
          ? ', and it fails on a value that does not fit'
          : '';
      yield {
        message: `Changing the type of ${writeIdentifier(change.column)} ${takes('ACCESS EXCLUSIVE', table)} ${until}${loses}.`,
        help: helpFor(change),
      };
    }
  },
};

interface Change {
  table: Name;
  column: string;
  from: string | undefined;
  to: string;
  /** No row is written anew, only checks and indexes. */
  keepsRows: boolean;
  isEnum: boolean;
}

const isEnum = (type: Name, catalog: Catalog) =>
  catalog.enums.has(catalog.key(type)) ||
  catalog.enums.has(catalog.key({ ...type, name: `${type.name}_new` }));

function helpFor({ table, column, from, to, keepsRows, isEnum }: Change): string {
  const alter = `ALTER TABLE ${writeName(table)}`;
  const own = writeIdentifier(column);
  if (isEnum)
    return instead(
      'To rename a value use RENAME VALUE; a value that is no longer used can stay in the type, or the type can give way to text with a check.',
      `-- ALTER TYPE … RENAME VALUE 'old' TO 'new';`,
    );
  if (from && keepsRows && !dependsOnTimezone(from, to))
    return instead(
      'The type alone is free. Drop the checks and the partial or expression indexes that name the column before, and make them again after it without blocking:',
      '-- ALTER TABLE … DROP CONSTRAINT …; DROP INDEX CONCURRENTLY …;',
      `${alter} ALTER COLUMN ${own} TYPE ${to};`,
      '-- CREATE INDEX CONCURRENTLY …; ALTER TABLE … ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT later',
    );
  if (from && isFreeTypeChange({ from, to, isUtc: true }))
    return instead(
      'Between timestamp and timestamptz nothing is rewritten when the session is in UTC:',
      "SET LOCAL timezone = 'UTC';",
      `${alter} ALTER COLUMN ${own} TYPE ${to};`,
    );
  return instead(
    'Add a column of the new type, write to both, fill the old rows in batches (`yarn db data new`), read the new one, then drop the old:',
    `${alter} ADD COLUMN ${writeIdentifier(`${column}_new`)} ${to};`,
    ...(from?.startsWith('timestamp') && to.startsWith('timestamptz')
      ? [
          '-- or, at full precision and in UTC, without a rewrite:',
          "-- SET LOCAL timezone = 'UTC';",
          `-- ${alter} ALTER COLUMN ${own} TYPE timestamptz(6);`,
        ]
      : []),
  );
}
