import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateClient } from '@bw/migrations/create';
import { findService } from '@bw/migrations/services';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createRepository, type Repository } from '../engine/repository.js';

let repository: Repository;

beforeEach(async () => {
  repository = await createRepository();
});
afterEach(() => repository.remove());

const generate = () => generateClient(findService('auth', repository.folder));
const isLocked = () => existsSync(join(repository.folder, 'scripts/.build.lock'));

// A generator of the schema, which writes down whether a build would have had to wait.
const probe = `
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (method === 'generate') writeFileSync('../locked', String(existsSync('../scripts/.build.lock')));
  const result = method === 'generate' ? null : { manifest: { prettyName: 'Probe', defaultOutput: '..' } };
  console.error(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
`;

it('generates a client while no build can, and lets the next one in', async () => {
  await repository.write('probe.mjs', probe);
  await repository.edit(
    'auth',
    (schema) => `generator probe {\n  provider = "node ../probe.mjs"\n}\n\n${schema}`,
  );
  await generate();
  expect(await repository.read('auth/generated/client.ts')).toContain('PrismaClient');
  expect(await repository.read('locked')).toBe('true');
  expect(isLocked()).toBe(false);
});

it('says how to go on when a client cannot be generated, and lets the next build in', async () => {
  await repository.edit('auth', (schema) => `${schema}\nmodel {`);
  await expect(generate()).rejects.toMatchObject({
    code: 'NOT_GENERATED',
    hint: expect.stringContaining('yarn workspace @bw/auth prisma:generate'),
  });
  expect(isLocked()).toBe(false);
});
