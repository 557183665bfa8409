import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from '@bw/service-kit/config';
import { createApplication } from '@bw/service-kit/service';
import type { INestApplicationContext } from '@nestjs/common';
import { Pool } from 'pg';
import { authService, serviceFolder } from '../service.js';

const developmentFile = join(serviceFolder, '../.data/env/auth.env');

/** Runs work on the service's own parts without serving anything. */
export async function runCommand(work: (app: INestApplicationContext) => Promise<void>): Promise<void> {
  try {
    const app = await createApplication(authService({ ...environment(), LOG_LEVEL: 'warn' }));
    await work(app);
    await app.get(Pool).end();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

/** The environment where there is one, as in the container; what ./dev.sh wrote otherwise. */
function environment(): Environment {
  if (process.env.DATABASE_URL) return process.env;
  try {
    return { ...parseEnv(readFileSync(developmentFile, 'utf8')), ...process.env };
  } catch {
    throw new Error('DATABASE_URL is not set. In development, start the environment first: ./dev.sh');
  }
}
