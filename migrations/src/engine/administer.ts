import pg from 'pg';
import { Connection } from './database/connection.js';
import { type DatabaseUrl, parseDatabaseUrl } from './database/url.js';
import { accessDenied, databaseExists, databaseNotCreated, EngineError } from './errors.js';

type Command = (url: DatabaseUrl) => Promise<string>;

/** What `schema-engine cli …` does; each answers what it did. */
export const commands = new Map<string, Command>([
  ['can-connect-to-database', canConnect],
  ['create-database', createDatabase],
  ['drop-database', dropDatabase],
]);

export async function administer(name: string, url: string | undefined): Promise<string> {
  const command = commands.get(name);
  if (!command) throw new EngineError('UNKNOWN_COMMAND', `There is no command "cli ${name}".`);
  return command(parseDatabaseUrl(url ?? ''));
}

async function canConnect(url: DatabaseUrl): Promise<string> {
  await using(url, async () => undefined);
  return 'Connection successful';
}

async function createDatabase(url: DatabaseUrl): Promise<string> {
  const { database } = url.place;
  await asAdministrator(url, `CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  const { schema } = url;
  if (schema)
    await using(url, (connection) =>
      connection.run(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`),
    );
  return `Database \`${database}\` was successfully created`;
}

async function dropDatabase(url: DatabaseUrl): Promise<string> {
  const { database } = url.place;
  await asAdministrator(url, `DROP DATABASE ${pg.escapeIdentifier(database)}`);
  return 'The database was successfully dropped';
}

const duplicateDatabase = '42P04';

/** Runs one statement on a database that exists for sure. */
async function asAdministrator(url: DatabaseUrl, statement: string): Promise<void> {
  const place = { ...url.place, database: 'postgres' };
  try {
    await using({ ...url, place, client: { ...url.client, ...place } }, (connection) =>
      connection.query(statement),
    );
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === duplicateDatabase) throw databaseExists(url.place, error);
    if (error.code === '42501') throw accessDenied(url.place, error);
    throw databaseNotCreated(error.message, error);
  }
}

async function using(url: DatabaseUrl, work: (connection: Connection) => Promise<unknown>): Promise<void> {
  const connection = await Connection.open(url);
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}
