import { loadDataMigration, runDataMigration } from '../data/index.js';
import { requireDataMigrations } from '../data/requirement.js';
import type { Migration } from '../history/index.js';
import { findRoot } from '../services/index.js';
import { resetSession, type Session } from './session.js';

/** Refuses a migration whose data migrations are not complete, or runs them where the deploy was told to. */
export async function requireData(session: Session, migration: Migration): Promise<void> {
  const { client, service, withData } = session;
  // What a data migration names without a schema means the same as when it runs by itself.
  await client.query(resetSession(service.schema).join(';\n'));
  const run = withData ? (name: string) => changeData(session, name) : undefined;
  return requireDataMigrations({ client, service, migration, run });
}

/** On a connection of its own; the deploy lock stays ours meanwhile. */
async function changeData({ service, url, signal, emit }: Session, given: string): Promise<void> {
  const migration = await loadDataMigration(findRoot(service.folder), given);
  const { name } = migration;
  emit({ type: 'changing-data', dataMigration: name });
  const { rows } = await runDataMigration({
    migration,
    service,
    url,
    signal,
    onEvent: (event) => emit({ type: 'data', dataMigration: name, event }),
  });
  emit({ type: 'changed-data', dataMigration: name, rows });
}
