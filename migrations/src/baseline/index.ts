import { explainQuery } from '../connection/index.js';
import { takeLock } from '../deploy/lock.js';
import { requireOwnConnection } from '../deploy/pooler.js';
import { closeSession, openSession, type Session } from '../deploy/session.js';
import { parseSettings } from '../deploy/settings.js';
import { ensureHistory, readState } from '../deploy/state.js';
import { UserError } from '../errors/index.js';
import { readMigrations, recordBaseline, recordRollback } from '../history/index.js';
import type { Service } from '../services/index.js';

export interface BaselineOptions {
  service: Service;
  url: string;
  /** The last migration to record; all of them otherwise. */
  through?: string | undefined;
  /** Record even though the database differs from the schema. */
  force?: boolean | undefined;
}

/**
 * Records migrations as applied without running them: how a database that was made by other means is adopted. Unless
 * told otherwise only when the database already equals the schema, because nothing will ever run these scripts there.
 */
export async function baselineService(options: BaselineOptions): Promise<string[]> {
  const { service, url, through } = options;
  const session = await openSession({ service, url, settings: parseSettings() });
  try {
    session.backendPid = await requireOwnConnection(session.client, session);
    await takeLock(session);
    await ensureHistory(session);
    const { pending, unfinished } = await readState(session, await readMigrations(service.migrationsFolder));
    const chosen = pending.filter(({ name }) => through === undefined || name <= through);
    if (through !== undefined && chosen.at(-1)?.name !== through) throw notPending(through);
    if (through === undefined && !options.force) await requireEqual(session);
    if (chosen.length > 0) {
      // An attempt that failed because all of it was there already would stand as failed for ever.
      const attempts = unfinished.filter(({ migration }) => migration && chosen.includes(migration));
      const statements = [
        ...attempts.map(({ row }) => recordRollback(service.schema, row.id)),
        ...chosen.map(({ name, checksum }) => recordBaseline(service.schema, name, checksum)),
      ];
      await session.client.query(`BEGIN; ${statements.join(';\n')}; COMMIT`);
    }
    return chosen.map(({ name }) => name);
  } catch (error) {
    throw explainQuery(error, url);
  } finally {
    await closeSession(session);
  }
}

async function requireEqual({ service, url }: Session): Promise<void> {
  const { verifyService } = await import('../verify/index.js');
  const { equal, differences, notCompared } = await verifyService(service, url);
  if (notCompared) throw notProven(service, notCompared);
  if (equal) return;
  throw new UserError(
    'NOT_EQUAL',
    `The database of ${service.name} does not have what its migrations make:\n${differences}`,
    {
      hint: 'Name the last migration that it does have with --through NAME, or record all of them anyway with --force.',
    },
  );
}

const notProven = ({ name, ownerRole }: Service, reason: string): UserError =>
  new UserError(
    'NOT_COMPARED',
    `Whether the database of ${name} has what its migrations make cannot be told without running them in a scratch database: ${reason}`,
    {
      hint: `Where a right is lacking, an administrator gives it for this while (ALTER ROLE ${ownerRole} CREATEDB). Or name the last migration that the database does have with --through NAME, or record all of them anyway with --force.`,
    },
  );

const notPending = (name: string): UserError =>
  new UserError('NOT_PENDING', `${name} is not a pending migration.`, {
    hint: 'yarn db status lists those that are.',
  });
