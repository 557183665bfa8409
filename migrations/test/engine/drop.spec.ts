import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { dropDatabase } from '../../src/engine/index.js';

const name = 'to_be_dropped';
let database: TestDatabase;
const clients: pg.Client[] = [];
async function connect(url: string, inDatabase?: string): Promise<pg.Client> {
  const connectionString = inDatabase
    ? Object.assign(new URL(url), { pathname: `/${inDatabase}` }).href
    : url;
  const client = new pg.Client(connectionString);
  client.on('error', () => undefined);
  await client.connect();
  clients.push(client);
  return client;
}

beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

it('drops a database that the server itself works in, as autovacuum does in the name of a superuser', async () => {
  const admin = await connect(database.adminUrl);
  await admin.query('CREATE ROLE no_superuser LOGIN CREATEDB PASSWORD $$no_superuser$$');
  const url = new URL(database.adminUrl);
  Object.assign(url, { username: 'no_superuser', password: 'no_superuser' });
  const owner = await connect(url.href);
  await owner.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const inside = await connect(database.adminUrl, name);

  const dropping = dropDatabase(owner, name);
  // Denied by FORCE, it waits for the session to go, which for an autovacuum the server sees to.
  const waiting = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DROP DATABASE%"${name}"'`;
  while ((await admin.query(waiting)).rowCount === 0);
  await inside.end();
  await dropping;
  expect((await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount).toBe(0);
  await owner.end();
  await admin.query('DROP ROLE no_superuser');
});
