import { EngineError } from '../errors.js';
import { isCentral } from '../history.js';
import { ensureReplayed } from './dev-diagnostic.js';
import type { Method } from './method.js';

/** Writes the SQL of a migration, as Prisma does. In the folder of a service `migrate dev` gets that of ../dev. */
export const createMigration: Method<'createMigration'> = async (context, input) => {
  await ensureReplayed(context, input);
  const engine = await context.comparingEngine();
  const migration = await engine.createMigration(input);
  if (migration.migrationScript === null) return migration;
  if (await isCentral(context)) throw generatedSchema();
  if (input.migrationName === '') throw nameMissing();
  return migration;
};

/** The centralized schema follows from the services' schemas; a change has to begin there. */
export const generatedSchema = () =>
  new EngineError(
    'GENERATED_SCHEMA',
    'migrations/prisma/schema.prisma is generated from the schemas of the services, and so are the migrations beside it. No migration was written.',
    {
      hint: 'Edit prisma/schema.prisma of the service, run `yarn prisma:migrate:local` there, then `./sync-schemas.sh` in migrations/.',
    },
  );

export const nameMissing = () =>
  new EngineError('NAME_MISSING', 'The migration has no name, and nobody can be asked for one here.', {
    hint: 'Add one that says what changes: --name add_phone_number_to_users',
  });
