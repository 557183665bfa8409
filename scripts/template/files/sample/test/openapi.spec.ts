import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openApiDocument } from '@bw/service-kit/openapi';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSample, type TestSample } from './support/sample-service.js';

describe('openapi.json', () => {
  let app: TestSample;
  beforeAll(async () => {
    app = await startSample();
  });
  afterAll(() => app.stop());

  it('says what the code does (else: yarn build && yarn workspace @bw/sample openapi)', async () => {
    const written = await readFile(resolve(import.meta.dirname, '../openapi.json'), 'utf8');
    const current = openApiDocument(app.service.app, { title: 'sample', version: '1' });
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(current)));
  });
});
