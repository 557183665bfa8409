import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '@bw/migrations/services';
import { createTestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { layoutOf } from '../dev/layout.js';
import { forget } from './running.js';

const yaks: Service = {
  name: 'yaks',
  schema: 'yaks_schema',
  ownerRole: 'yaks_owner',
  appRole: 'yaks_app',
  folder: 'yaks',
  schemaFile: 'yaks/prisma/schema.prisma',
  migrationsFolder: 'yaks/prisma/migrations',
};

describe('what the development database has of a service', () => {
  const layout = layoutOf(mkdtempSync(join(tmpdir(), 'bw-forget-')));
  let databases: Awaited<ReturnType<typeof createTestDatabase>>[];

  beforeAll(async () => {
    databases = [await createTestDatabase({ empty: true }), await createTestDatabase({ empty: true })];
    await query(0, 'CREATE ROLE yaks_owner; CREATE ROLE yaks_app');
    for (const index of [0, 1]) await query(index, 'CREATE SCHEMA yaks_schema AUTHORIZATION yaks_owner');
    mkdirSync(layout.env, { recursive: true });
    writeFileSync(join(layout.env, 'admin.env'), `ADMIN_DATABASE_URL=${databases[0]?.adminUrl}\n`);
  });
  afterAll(async () => {
    for (const database of databases) await database.drop();
    rmSync(layout.root, { recursive: true });
  });

  async function query(index: number, sql: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: databases[index]?.adminUrl });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const schemas = "SELECT nspname FROM pg_namespace WHERE nspname = 'yaks_schema'";
  const roles = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'yaks%'";

  it('goes, but for a role that owns something in another database of the server', async () => {
    expect(await forget(layout, yaks)).toEqual(['yaks_owner']);
    expect([await query(0, schemas), await query(1, schemas)]).toEqual([[], [expect.anything()]]);
  });

  it('goes as a whole once no other database needs it', async () => {
    await query(1, 'DROP SCHEMA yaks_schema');
    expect(await forget(layout, yaks)).toEqual([]);
    expect(await query(0, roles)).toEqual([]);
  });
});
