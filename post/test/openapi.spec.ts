import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openApiDocument } from '@bw/service-kit/openapi';
import { generateServiceKeys } from '@bw/service-kit/security';
import { createApplication } from '@bw/service-kit/service';
import { describe, expect, it } from '@jest/globals';
import { postService } from '../src/service.js';

const file = resolve(import.meta.dirname, '../openapi.json');

describe('openapi.json', () => {
  it('says what the code does (else: yarn build && yarn workspace @bw/post openapi)', async () => {
    const app = await createApplication(
      postService({
        DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
        AUTH_JWKS_URL: 'http://127.0.0.1:1',
        AUTH_GRPC_ADDRESS: '127.0.0.1:1',
        SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
        TRUSTED_SERVICES: '',
        LOG_LEVEL: 'silent',
      }),
    );
    const document = JSON.parse(JSON.stringify(openApiDocument(app, { title: 'post', version: '1' })));
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(document);
  });
});
