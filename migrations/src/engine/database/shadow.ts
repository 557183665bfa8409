import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { shadowNotCreated } from '../errors.js';
import { Connection } from './connection.js';
import { dropDatabase } from './drop.js';
import type { DatabaseUrl } from './url.js';

/** A database that lives no longer than the engine that asked for it. */
export interface ShadowDatabase {
  connection: Connection;
  drop(): Promise<void>;
}

const prefix = 'prisma_migrate_shadow_db_';

/** Makes an empty database next to the one that `admin` is connected to, with a connection of its own. */
export async function createShadow(
  url: DatabaseUrl,
  admin: Connection,
  searchPath: string,
): Promise<ShadowDatabase> {
  const name = `${prefix}${Date.now().toString(36)}_${randomUUID().slice(0, 8)}`;
  try {
    await dropLeftOvers(admin);
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE template0`);
  } catch (error) {
    throw shadowNotCreated(error instanceof Error ? error.message : String(error), error);
  }
  const place = { ...url.place, database: name };
  const drop = () => dropDatabase(admin, name);
  try {
    const connection = await Connection.open(
      { ...url, place, client: { ...url.client, ...place } },
      { searchPath },
    );
    return { connection, drop: () => connection.close().then(drop) };
  } catch (error) {
    await drop();
    throw error;
  }
}

/** What an engine left behind that was killed: old enough to have been connected to, and nobody is. */
async function dropLeftOvers(admin: Connection): Promise<void> {
  const { rows } = await admin.query(
    `SELECT datname FROM pg_database d
      WHERE starts_with(datname, $1) AND pg_has_role(datdba, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`,
    [prefix],
  );
  const left = rows.flatMap(([name]) => (name && isOld(name) ? [name] : []));
  for (const name of left) {
    await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`).catch(() => undefined);
  }
}

const grace = 60_000;

/** Our names carry their time of birth; a name without one is Prisma's own and is left to Prisma. */
function isOld(name: string): boolean {
  const born = /^([0-9a-z]{8,9})_[0-9a-f]{8}$/.exec(name.slice(prefix.length))?.[1];
  return born !== undefined && Date.now() - Number.parseInt(born, 36) > grace;
}
