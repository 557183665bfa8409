import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Contract } from '@bw/service-kit/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Auth } from './support/auth.js';

const contract = new Contract(
  JSON.parse(await readFile(join(import.meta.dirname, '../openapi.json'), 'utf8')),
);

/** Who calls these is not signed in any more afterwards. */
const endsItsCaller = [
  'DELETE /v1/users/me',
  'DELETE /v1/users/me/sessions',
  'DELETE /v1/users/me/sessions/{id}',
];

describe('the contract', () => {
  let auth: Auth;
  let admin: { accessToken: string };
  const known: string[] = [];
  beforeAll(async () => {
    auth = await Auth.start();
    admin = await auth.administrator();
    const { id, accessToken } = await auth.person();
    const sessions = await auth.client.get('/v1/users/me/sessions', accessToken);
    const integration = await auth.client.post(
      '/v1/integrations',
      { name: 'Partner', kind: 'FIREBASE', audience: 'partner' },
      admin.accessToken,
    );
    known.push(id, sessions.body.data[0]?.id ?? '', integration.body.id);
  });
  afterAll(() => auth.stop());

  it.each(contract.operations)('is kept by $name, whatever it is asked', async (operation) => {
    const caller = endsItsCaller.includes(operation.name) ? await auth.person() : admin;
    const request = contract.requests(operation, known);
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, body }) => {
        const { status, headers, text } = await auth.client.send(method, path, {
          token: caller.accessToken,
          body,
        });
        expect(
          contract.faultsOf(operation, { status, contentType: headers.get('content-type'), text }),
        ).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });
});
