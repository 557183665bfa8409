import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '@bw/service-kit/openapi';
import { generateServiceKeys } from '@bw/service-kit/security';
import { createApplication } from '@bw/service-kit/service';
import { authService } from '../service.js';

/** The document needs no database and no keys that mean anything. */
const service = authService({
  DATABASE_URL: 'postgresql://localhost/none',
  PUBLIC_URL: 'http://localhost',
  TOKEN_SECRET: randomBytes(32).toString('base64'),
  ENCRYPTION_KEYS: `none:${randomBytes(32).toString('base64')}`,
  SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
  LOG_LEVEL: 'silent',
});

const app = await createApplication(service);
const document = openApiDocument(app, { title: 'auth', version: '1' });
await writeFile(join(service.folder, 'openapi.json'), `${JSON.stringify(document, undefined, 2)}\n`);
