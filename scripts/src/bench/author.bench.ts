import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { say } from '../terminal/index.js';
import { modelsOf, scriptsOf, writeSchema } from './large-schema.js';
import { type Measurement, medianOf } from './report.js';
import { createSite, type Site } from './site.js';

const repository = resolve(import.meta.dirname, '../../..');
const db = join(repository, 'migrations/bin/db');
const services = ['auth', 'post'];

/** What the author of a migration waits for, as whole commands: Node's start is part of it. */
export async function measure(signal: AbortSignal): Promise<Measurement[]> {
  const site = await createSite();
  try {
    say('Linting …');
    const lint = await measureLint(site);
    signal.throwIfAborted();
    say('Syncing …');
    const sync = await measureSync(site);
    signal.throwIfAborted();
    say('Writing migrations …');
    return [...lint, ...sync, ...(await measureCreate(site, 1)), ...(await measureCreate(site, 500))];
  } finally {
    await site.remove();
  }
}

async function measureLint(site: Site): Promise<Measurement[]> {
  for (const service of services) {
    await writeSchema(site.root, service, modelsOf(0));
    await writeMigrations(site, service, scriptsOf(service, 500));
  }
  return [
    {
      what: 'lint: this repository',
      value: await timed(repository, ['lint']),
      unit: 'ms',
      target: 500,
    },
    {
      what: 'lint: two services with 500 migrations each',
      value: await timed(site.root, ['lint']),
      unit: 'ms',
      target: 2000,
    },
  ];
}

async function measureSync(site: Site): Promise<Measurement[]> {
  await mkdir(join(site.root, 'migrations'), { recursive: true });
  const sync = async (models: number) => {
    for (const service of services) {
      await rm(join(site.root, service, 'prisma'), { recursive: true });
      await writeSchema(site.root, service, modelsOf(models, service));
    }
    const whole = await medianOf(5, async () => {
      await rm(join(site.root, 'migrations/prisma'), { recursive: true, force: true });
      return timedOnce(site.root, ['sync']);
    });
    return whole;
  };
  return [
    { what: 'sync: 10 models', value: await sync(5), unit: 'ms' },
    { what: 'sync: 1,000 models', value: await sync(500), unit: 'ms', target: 2000 },
  ];
}

/** `yarn prisma:migrate:local` after a field was added, but for the generating of the client, which is Prisma's own. */
async function measureCreate(site: Site, models: number): Promise<Measurement[]> {
  await rm(join(site.root, 'auth/prisma'), { recursive: true });
  await site.empty();
  const create = async (name: string, fields: string) => {
    await writeSchema(site.root, 'auth', modelsOf(models, 'auth', fields));
    return timedOnce(site.root, ['create', '--service', 'auth', '--name', name, '--no-generate'], {
      AUTH_MIGRATION_DATABASE_URL: site.ownerUrl,
    });
  };
  await create('create_tables', '');
  let fields = '';
  const value = await medianOf(3, () => {
    fields += `  extra${fields.length} String?\n`;
    return create(`add_extra_${fields.length}`, fields);
  });
  return [{ what: `prisma:migrate:local: a new field, ${models} models`, value, unit: 'ms' }];
}

async function writeMigrations({ root }: Site, service: string, scripts: string[]): Promise<void> {
  for (const [at, sql] of scripts.entries()) {
    const folder = join(root, service, `prisma/migrations/20250101${String(at).padStart(6, '0')}_step`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'migration.sql'), sql);
  }
}

const timed = (cwd: string, args: string[]) => medianOf(5, () => timedOnce(cwd, args));

async function timedOnce(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const began = performance.now();
  await promisify(execFile)(process.execPath, [db, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  return performance.now() - began;
}
