import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import type { EngineContext } from '../context.js';

/** The methods of the engine that a caller may ask for. */
export type MethodName =
  | 'applyMigrations'
  | 'createMigration'
  | 'dbExecute'
  | 'devDiagnostic'
  | 'diagnoseMigrationHistory'
  | 'diff'
  | 'ensureConnectionValidity'
  | 'evaluateDataLoss'
  | 'introspect'
  | 'introspectSql'
  | 'markMigrationApplied'
  | 'markMigrationRolledBack'
  | 'reset'
  | 'schemaPush'
  | 'version';

export type Input<Name extends MethodName> = NonNullable<Parameters<SchemaEngine[Name]>[0]>;
export type Output<Name extends MethodName> = Awaited<ReturnType<SchemaEngine[Name]>>;

/** One method as this project answers it. It asks `context.engine()` for what the engine would answer. */
export type Method<Name extends MethodName> = (
  context: EngineContext,
  input: Input<Name>,
) => Promise<Output<Name>>;

export type Methods = { [Name in MethodName]: Method<Name> };
