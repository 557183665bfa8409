import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { close, connect } from '../connection/index.js';
import { findServices, type Service } from '../services/index.js';
import { matchesVerifier, scramVerifier } from './scram.js';

export { scramVerifier } from './scram.js';

export interface InitializeOptions {
  /** A role that may create roles and schemas; it need not be a superuser. */
  adminUrl: string;
  /** Passwords by role name. A role that is not named keeps the one it has. */
  passwords?: Record<string, string>;
  /** Lets the owner roles create databases: Prisma's shadow database needs it in development. */
  createDb?: boolean;
  /** Services beyond those that init-schemas.sql lists; found by folder when not given. */
  services?: Service[];
}

/** Schemas, roles, privileges and the history view for every service. Changes nothing when all is as it should be. */
export async function initializeDatabase(options: InitializeOptions): Promise<void> {
  const services = options.services ?? findServices();
  const sql = await readFile(join(import.meta.dirname, '../../init-schemas.sql'), 'utf8');
  const client = await connect({ url: options.adminUrl, applicationName: 'db initialize', waitMs: 10_000 });
  try {
    await retryOnConflict(async () => {
      await client.query(sql);
      await client.query('BEGIN');
      await client.query("SELECT pg_advisory_xact_lock(hashtext('init-schemas'))");
      for (const service of services) await client.query('CALL pg_temp.ensure_service($1)', [service.name]);
      if (options.createDb) await allowCreateDb(client, services);
      await setPasswords(client, options.passwords ?? {});
      await client.query('COMMIT');
    }, client);
  } finally {
    await close(client);
  }
}

async function allowCreateDb(client: pg.Client, services: Service[]): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE NOT rolcreatedb AND rolname = ANY($1)',
    [services.map((service) => service.ownerRole)],
  );
  for (const { rolname } of rows)
    await client.query(`ALTER ROLE ${client.escapeIdentifier(rolname)} CREATEDB`);
}

async function setPasswords(client: pg.Client, passwords: Record<string, string>): Promise<void> {
  const stored = await storedVerifiers(client);
  for (const [role, password] of Object.entries(passwords)) {
    if (matchesVerifier(password, stored.get(role) ?? null)) continue;
    await client.query(`ALTER ROLE ${client.escapeIdentifier(role)} PASSWORD '${scramVerifier(password)}'`);
  }
}

/** Only a superuser may look; anyone else sets every password anew. */
async function storedVerifiers(client: pg.Client): Promise<Map<string, string | null>> {
  const { rows: mayRead } = await client.query("SELECT 1 WHERE has_table_privilege('pg_authid', 'SELECT')");
  if (mayRead.length === 0) return new Map();
  const { rows } = await client.query<{ rolname: string; rolpassword: string | null }>(
    'SELECT rolname, rolpassword FROM pg_authid',
  );
  return new Map(rows.map((row) => [row.rolname, row.rolpassword]));
}

// Roles are shared by all databases of a server, and the advisory lock is not: initializing two databases at the same
// moment can meet in pg_authid, which PostgreSQL reports as an internal error instead of waiting.
const concurrentUpdate = 'XX000';

async function retryOnConflict(work: () => Promise<void>, client: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      await client.query('ROLLBACK');
      if ((error as pg.DatabaseError).code !== concurrentUpdate || attempt === 50) throw error;
      await sleep(Math.random() * 100);
    }
  }
}
