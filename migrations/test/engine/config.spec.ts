import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { centralPrismaConfig, servicePrismaConfig } from '../../src/prisma-config/index.js';

describe('prisma.config.ts', () => {
  const environment = { ...process.env };
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bw-config-'));
    for (const folder of ['auth/prisma', '.data/env']) await mkdir(join(root, folder), { recursive: true });
    await writeFile(join(root, 'package.json'), '{"workspaces":["*"]}');
    await writeFile(join(root, 'auth/prisma/schema.prisma'), '');
    process.env = { PATH: environment.PATH };
  });
  afterEach(async () => {
    process.env = environment;
    await rm(root, { recursive: true });
  });

  const service = () => servicePrismaConfig(join(root, 'auth'));
  const central = () => centralPrismaConfig(join(root, 'migrations'));

  it('needs no URL, and names the engine, schema and migrations of the folder', () => {
    expect(service()).toMatchObject({
      schema: join(root, 'auth/prisma/schema.prisma'),
      migrations: { path: join(root, 'auth/prisma/migrations') },
    });
    expect(service().datasource).toBeUndefined();
    expect(central().datasource).toBeUndefined();
    expect(process.env.PRISMA_SCHEMA_ENGINE_BINARY).toMatch(/migrations\/bin\/schema-engine$/);
  });

  it('leaves the engine that the user names', () => {
    process.env.PRISMA_SCHEMA_ENGINE_BINARY = '/mine';
    service();
    expect(process.env.PRISMA_SCHEMA_ENGINE_BINARY).toBe('/mine');
  });

  it('prefers the environment to what ./dev.sh wrote, and the owner to the runtime role', async () => {
    const url = (user: string) => `postgresql://${user}@127.0.0.1:5435/postgres?schema=auth_schema`;
    await writeFile(join(root, '.data/env/auth.env'), `MIGRATION_DATABASE_URL=${url('from_file')}\n`);
    expect(service().datasource).toEqual({ url: url('from_file') });
    process.env.DATABASE_URL = url('runtime');
    expect(service().datasource).toEqual({ url: url('runtime') });
    process.env.MIGRATION_DATABASE_URL = url('owner');
    expect(service().datasource).toEqual({ url: url('owner') });
  });

  it('is the administrator in migrations/', async () => {
    const url = 'postgresql://admin:admin@127.0.0.1:5435/postgres';
    await writeFile(join(root, '.data/env/admin.env'), `DATABASE_URL=${url}\n`);
    expect(central().datasource).toEqual({ url });
  });
});
