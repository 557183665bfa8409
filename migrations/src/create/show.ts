import { Catalog, describeLock, locksOf, replay } from '../locks/index.js';
import { readStatements } from '../sql/index.js';
import type { MigrationFile } from './write.js';

/** What is known of the tables from the statements that would make them. */
export async function readCatalog(sql: string, schema: string): Promise<Catalog> {
  const catalog = new Catalog(schema);
  for (const { node } of (await readStatements(sql)) ?? []) replay(node, catalog);
  catalog.beginMigration();
  return catalog;
}

/** The migrations for a person to read: every statement under the locks it takes. */
export async function showMigrations(migrations: MigrationFile[], catalog: Catalog): Promise<string> {
  const shown: string[] = [];
  for (const { name, sql } of migrations) {
    shown.push(name);
    catalog.beginMigration();
    for (const { node, text } of (await readStatements(sql)) ?? []) {
      const locks = locksOf(node, catalog).filter((lock) => !lock.isNew);
      shown.push(...locks.map((lock) => `  -- ${describeLock(lock)}`), indent(`${text};`));
      replay(node, catalog);
    }
    shown.push('');
  }
  return shown.join('\n');
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');
