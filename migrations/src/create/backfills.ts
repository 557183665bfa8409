import { writeDefinition } from '../data/index.js';
import type { Catalog } from '../locks/index.js';
import { quote } from '../renames/index.js';
import type { ColumnToFill, Fill } from '../rewrite/index.js';
import type { Service } from '../services/index.js';

/** A data migration that is yet to say what a row gets. */
export interface Backfill {
  name: string;
  text: string;
}

/** The data migrations that were asked for in place of values. */
export function backfillsFor(
  columns: ColumnToFill[],
  fills: Map<string, Fill>,
  service: Service,
  catalog: Catalog,
): Backfill[] {
  return columns.flatMap(({ table, column }) => {
    const fill = fills.get(`${table}.${column}`);
    if (!fill || !('dataMigration' in fill)) return [];
    const name = table.slice(table.indexOf('.') + 2, -1);
    const constraints = [...(catalog.table({ schema: service.schema, name })?.constraints.values() ?? [])];
    const key = constraints.find(({ kind }) => kind === 'primary')?.columns ?? ['id'];
    const text = writeDefinition({
      service: service.name,
      table: name,
      ...(key.join() !== 'id' && { key }),
      where: `${quote(column)} IS NULL`,
      set: '',
    });
    return [{ name: fill.dataMigration, text }];
  });
}
