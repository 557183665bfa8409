// The least a process can do that looks into a database: Node, pg, one query.
import module from 'node:module';

module.enableCompileCache?.();
// As bin/db does: without it pg loads all of fetch.
globalThis.navigator ??= { userAgent: 'Node.js' } as Navigator;
const { Client } = (await import('pg')).default;
const client = new Client({ connectionString: process.env.AUTH_MIGRATION_DATABASE_URL });
await client.connect();
await client.query('SELECT 1');
await client.end();
