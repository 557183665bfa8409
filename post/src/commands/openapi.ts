import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openApiDocument } from '@bw/service-kit/openapi';
import { generateServiceKeys } from '@bw/service-kit/security';
import { createApplication } from '@bw/service-kit/service';
import { postService } from '../service.js';

/** The document needs no database and no auth. */
const service = postService({
  DATABASE_URL: 'postgresql://localhost/none',
  AUTH_JWKS_URL: 'http://localhost/none',
  AUTH_GRPC_ADDRESS: 'localhost:1',
  SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
  TRUSTED_SERVICES: '',
  LOG_LEVEL: 'silent',
});

const app = await createApplication(service);
const document = openApiDocument(app, { title: 'post', version: '1' });
await writeFile(join(service.folder, 'openapi.json'), `${JSON.stringify(document, undefined, 2)}\n`);
