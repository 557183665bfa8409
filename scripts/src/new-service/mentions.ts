import { relative } from 'node:path';
import { dataMigrationFile, listDataMigrations, loadDataMigration } from '@bw/migrations/data';
import { UserError } from '@bw/migrations/errors';
import { readMigrations } from '@bw/migrations/history';
import { findServices, type Service } from '@bw/migrations/services';
import { readStatements } from '@bw/migrations/sql';

/** Refuses while other files need a service: without it no new database could be deployed, and no data migration listed. */
export async function assertNotMentioned(root: string, service: Service): Promise<void> {
  const { name } = service;
  const migrations = await migrationsOfOthers(root, service);
  const dataMigrations = await dataMigrationsOf(root, service);
  const found = [...migrations.map(({ file }) => file), ...dataMigrations].map((file) =>
    relative(root, file),
  );
  if (found.length === 0) return;
  throw new UserError('STILL_NEEDED', `Without ${name} these cannot run: ${found.join(', ')}.`, {
    hint: [
      'Take them back first; nothing was changed. Delete what is not committed, and revert the commits of the rest.',
      ...migrations.map(forgetting),
      `Then: yarn remove:service ${name}`,
    ].join('\n'),
  });
}

interface Mention {
  owner: Service;
  migration: string;
  file: string;
}

/** A history with what no folder has any more would stop the next `yarn prisma:migrate:local`. */
const forgetting = ({ owner, migration }: Mention): string =>
  `Where a development database has applied ${migration}, undo there what it made (grants go with their role) and its row: DELETE FROM ${owner.schema}._prisma_migrations WHERE migration_name = '${migration}';`;

async function migrationsOfOthers(root: string, service: Service): Promise<Mention[]> {
  const mentions: Mention[] = [];
  for (const owner of findServices(root).filter(({ name }) => name !== service.name))
    for (const { name, file, sql } of await readMigrations(owner.migrationsFolder)) {
      // A script that PostgreSQL's grammar refuses cannot run with the service either.
      const statements = (await readStatements(sql)) ?? [];
      if (statements.some(({ node }) => names(node, service)))
        mentions.push({ owner, migration: name, file });
    }
  return mentions;
}

/** Whether anything in a statement is one of the roles of a service, or lies in its schema. */
function names(value: unknown, service: Service): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('rolename' in value && [service.ownerRole, service.appRole].some((role) => role === value.rolename))
    return true;
  if ('schemaname' in value && value.schemaname === service.schema) return true;
  return Object.values(value).some((child) => names(child, service));
}

/** One that cannot be read says so where it is run. */
async function dataMigrationsOf(root: string, service: Service): Promise<string[]> {
  const files: string[] = [];
  for (const name of await listDataMigrations(root)) {
    const migration = await loadDataMigration(root, name).catch(() => undefined);
    if (migration?.definition.service === service.name) files.push(dataMigrationFile(root, name));
  }
  return files;
}
