import { EngineContext } from './context.js';
import { explainFailure } from './failure.js';
import { type Input, type MethodName, type Methods, methods, type Output } from './methods/index.js';
import { type EngineOptions, resolveSettings, type SchemaFile } from './settings.js';
import { container, type MigrationSource, migrationList, noFilter } from './targets.js';

export { dropDatabase } from './database/drop.js';
export { EngineError, EnginePanic } from './errors.js';
export type { Input, MethodName, Output } from './methods/index.js';
export { type Connection, withScratch } from './scratch.js';
export type { EngineOptions, SchemaFile } from './settings.js';
export { schemasOf } from './settings.js';
export { type MigrationSource, migrationList, noFilter, readMigrations, readSchemaFile } from './targets.js';

/** One side of a comparison. Only `database` and `migrations` need a database; the latter makes a shadow database. */
export type Side =
  | { empty: true }
  | { schema: SchemaFile[] }
  | { migrations: MigrationSource[]; before?: string }
  | { database: SchemaFile[] };

/** Prisma's schema engine, in this process. */
export interface Engine {
  /** Any method of the engine by its name, with what this project adds to its answer. */
  call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<Output<Name>>;
  /** The SQL that leads from one side to the other; empty when they are equal. */
  diff(from: Side, to: Side): Promise<string>;
  /** Asks the shadow database as the last comparison with migrations left it; rows of PostgreSQL's own text. */
  askReplayed(query: string): Promise<(string | null)[][]>;
}

/**
 * Lends Prisma's schema engine for the time of `work`. It connects when first needed and is closed at the end.
 *
 * ```ts
 * const sql = await withEngine({ url }, (engine) =>
 *   engine.diff({ migrations: await readMigrations(folder) }, { schema: [await readSchemaFile(file)] }));
 * ```
 * `{ migrations }` is replayed in a shadow database of its own, after the SQL in `before`; a migration that is not on
 * disk yet is just one more `{ name, sql }`. `{ database: schemaFiles }` is the live database, looked at in the schemas
 * that the files name. `url` needs `?schema=` (the history) and a role with CREATEDB for shadow databases.
 * Failures are `EngineError`s with Prisma's codes: P1001, P3006, P3018, …
 */
export async function withEngine<T>(
  options: EngineOptions,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const context = new EngineContext(await resolveSettings(options));
  try {
    return await work(createEngine(context));
  } finally {
    await context.close();
  }
}

/** `instead` holds the methods that a caller wants to answer in its own way. */
export function createEngine(context: EngineContext, instead: Partial<Methods> = {}): Engine {
  const all: Methods = { ...methods, ...instead };
  const call: Engine['call'] = (name, input) => {
    context.failure = undefined;
    context.migration = undefined;
    return all[name](context, input).catch(async (error: unknown) => {
      throw await explainFailure(context, error, input);
    });
  };
  return {
    call,
    askReplayed: (query) => context.askReplayed(query),
    async diff(from, to) {
      const { exitCode, stdout } = await call('diff', {
        from: targetOf(from),
        to: targetOf(to),
        script: true,
        exitCode: true,
        filters: noFilter,
      });
      return exitCode === 0 ? '' : (stdout ?? '');
    },
  };
}

function targetOf(side: Side): Input<'diff'>['from'] {
  if ('empty' in side) return { tag: 'empty' };
  if ('schema' in side) return { tag: 'schemaDatamodel', ...container(side.schema) };
  if ('database' in side) return { tag: 'schemaDatasource', ...container(side.database), configDir: '.' };
  return { tag: 'migrations', ...migrationList('', side.migrations, side.before) };
}
