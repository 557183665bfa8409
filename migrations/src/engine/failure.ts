import { isNativeError } from 'node:util/types';
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { UserError } from '../errors/index.js';
import type { EngineContext } from './context.js';
import { ScriptFailure } from './database/script-failure.js';
import { EngineError, shadowNotApplied } from './errors.js';
import { asPanic } from './panic.js';

/** The best that can be said about a failure of the engine, from what it says itself and from what we saw. */
export async function explainFailure(context: EngineContext, error: unknown, input: unknown): Promise<Error> {
  const panic = asPanic(error);
  if (panic) return panic;
  if (error instanceof UserError) return error;
  const { failure } = context;
  if (failure instanceof UserError) return failure;
  const { code, message } = describe(error);
  if (failure instanceof ScriptFailure) {
    const text = await failure.describe();
    const migration = migrationOf(input, failure.script);
    if (code === 'P3006' && migration) return shadowNotApplied(migration, text, failure);
    if (!code) return new EngineError('SCRIPT_FAILED', text, { cause: failure });
  }
  if (failure instanceof pg.DatabaseError && !code) return databaseError(failure);
  if (error instanceof pg.DatabaseError) return databaseError(error);
  return new EngineError(code ?? 'ENGINE_FAILED', message, { cause: error });
}

function describe(error: unknown): { code: string | undefined; message: string } {
  if (!isNativeError(error)) return { code: undefined, message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { code, message: withoutTrace(error.message) };
}

/** Behind its message the engine lists the places in its own source that it came through. */
const withoutTrace = (message: string) => (message.split('\n   0: ')[0] ?? message).trimEnd();

const databaseError = (error: pg.DatabaseError) =>
  new EngineError('DATABASE_ERROR', `${error.severity ?? 'ERROR'}: ${error.message}`, { cause: error });

/** The name of the migration whose script this is. */
function migrationOf(input: unknown, script: string): string | undefined {
  const sides = isObject(input) ? [input.migrationsList, input.from, input.to] : [];
  const directories = sides.filter(isMigrationList).flatMap((list) => list.migrationDirectories);
  return directories.find(({ migrationFile: { content } }) => content.value === script)?.path;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isMigrationList = (value: unknown): value is MigrationList =>
  isObject(value) && 'migrationDirectories' in value;
