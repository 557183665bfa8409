import { applyMigrations } from './apply-migrations.js';
import { createMigration } from './create-migration.js';
import { devDiagnostic } from './dev-diagnostic.js';
import { diff } from './diff.js';
import { evaluateDataLoss } from './evaluate-data-loss.js';
import { markMigrationApplied, markMigrationRolledBack } from './mark-migration.js';
import type { MethodName, Methods } from './method.js';
import { reset } from './reset.js';
import { schemaPush } from './schema-push.js';

export type { Input, Method, MethodName, Methods, Output } from './method.js';

/** Every answer of the engine passes through here. What is repaired, explained or refused has a file of its own. */
export const methods: Methods = {
  applyMigrations,
  createMigration,
  dbExecute: async (context, input) => (await context.engine()).dbExecute(input),
  devDiagnostic,
  diagnoseMigrationHistory: async (context, input) =>
    (await context.engine()).diagnoseMigrationHistory(input),
  diff,
  ensureConnectionValidity: async (context, input) =>
    (await context.engine()).ensureConnectionValidity(input),
  evaluateDataLoss,
  introspect: async (context, input) => (await context.comparingEngine()).introspect(input),
  introspectSql: async (context, input) => (await context.engine()).introspectSql(input),
  markMigrationApplied,
  markMigrationRolledBack,
  reset,
  schemaPush,
  version: async (context) => (await context.engine()).version(),
};

export const isMethod = (name: string): name is MethodName => Object.hasOwn(methods, name);
