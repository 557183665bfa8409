import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Auth } from './support/auth.js';
import { FirebaseIssuer } from './support/oidc.js';

const grant = {
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
};

describe('third-party integrations with a secret', () => {
  let auth: Auth;
  let admin: { accessToken: string };
  let firebase: FirebaseIssuer;
  beforeAll(async () => {
    auth = await Auth.start();
    admin = await auth.administrator();
    firebase = await FirebaseIssuer.start();
  });
  afterAll(async () => {
    await firebase.stop();
    await auth.stop();
  });

  const register = async (integration: object) =>
    (await auth.client.post('/v1/integrations', integration, admin.accessToken)).body;
  const exchange = (subject_token: string, more: object) =>
    auth.client.post('/v1/auth/token', { ...grant, subject_token, ...more });

  it('need the secret where there is one; of two secrets both count until the next', async () => {
    const made = await register({
      name: 'Secret',
      kind: 'FIREBASE',
      audience: 'sealed',
      jwksUri: firebase.jwksUri,
      withSecret: true,
    });
    const token = await firebase.idToken('sealed', {
      sub: 'u1',
      email: 'u1@example.com',
      email_verified: true,
    });
    const statusWith = async (client_secret?: string) =>
      (await exchange(token, { client_id: made.id, client_secret })).status;
    const rotate = async () =>
      (await auth.client.patch(`/v1/integrations/${made.id}`, { withSecret: true }, admin.accessToken)).body
        .clientSecret;
    expect([await statusWith(), await statusWith('wrong'), await statusWith(made.clientSecret)]).toEqual([
      401, 401, 200,
    ]);
    const second = await rotate();
    expect([await statusWith(made.clientSecret), await statusWith(second)]).toEqual([200, 200]);
    const third = await rotate();
    expect([await statusWith(made.clientSecret), await statusWith(second), await statusWith(third)]).toEqual([
      401, 200, 200,
    ]);
    const shown = await auth.client.get(`/v1/integrations/${made.id}`, admin.accessToken);
    expect(shown.body).toMatchObject({ hasSecret: true });
    expect(shown.text).not.toContain(third);
    const { rows } = await auth.admin.query(
      'SELECT client_secret FROM auth_schema.third_party_integrations WHERE id = $1',
      [made.id],
    );
    expect(rows[0].client_secret).toMatch(/^k1\./);
  });

  it('give two who ask for a new secret at once one each, and both count', async () => {
    const partner = { name: 'Twice', kind: 'FIREBASE', audience: 'twice', jwksUri: firebase.jwksUri };
    const { id } = await register({ ...partner, withSecret: true });
    const rotate = () => auth.client.patch(`/v1/integrations/${id}`, { withSecret: true }, admin.accessToken);
    const answers = await auth.overtake(
      `UPDATE auth_schema.third_party_integrations SET updated_at = now() WHERE id = '${id}'`,
      rotate,
      rotate,
    );
    const user = { sub: 'u2', email: 'u2@example.com', email_verified: true };
    const token = await firebase.idToken('twice', user);
    for (const { body } of answers) {
      expect((await exchange(token, { client_secret: body.clientSecret })).status).toBe(200);
    }
  });
});
