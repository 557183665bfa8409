import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot, findServices, type Service } from '../../services/index.js';
import { EngineContext } from '../context.js';
import { migrationList, readMigrations, readSchemaFile } from '../targets.js';
import type { Input } from './method.js';

type MigrationList = Input<'applyMigrations'>['migrationsList'];

/** Does work of the centralized folder for one service: in its history, with its owner role. */
export async function asService<T>(
  context: EngineContext,
  service: Service,
  work: (own: EngineContext) => Promise<T>,
): Promise<T> {
  const own = new EngineContext({
    ...context.settings,
    schemaFiles: [await readSchemaFile(service.schemaFile)],
    historySchema: service.schema,
    role: service.ownerRole,
  });
  try {
    return await work(own);
  } finally {
    context.failure = own.failure;
    await own.close();
  }
}

/** The services whose folders hold a migration. Two services may each have one of the same name. */
export function ownersOf(list: MigrationList, migration: string): Service[] {
  const services = findServices(findRoot(list.baseDir));
  return services.filter(({ migrationsFolder }) => existsSync(join(migrationsFolder, migration)));
}

/** A service's own history, as its folder has it: all of it, or only the migrations named. */
export async function historyOf(service: Service, names?: ReadonlySet<string>): Promise<MigrationList> {
  const migrations = await readMigrations(service.migrationsFolder);
  return migrationList(
    service.migrationsFolder,
    names ? migrations.filter(({ name }) => names.has(name)) : migrations,
  );
}
