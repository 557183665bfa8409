import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { send, signUp } from '../../src/containers/account.js';
import type { Checkout } from '../../src/containers/checkout.js';
import { whileUsersAreThere } from '../../src/containers/traffic.js';
import { pathWithYarn } from '../support/isolated.js';
import { describeWithEngine, productionCheckout } from './machine.js';

describeWithEngine('a third service in production', () => {
  let checkout: Checkout;
  let base: string;

  beforeAll(async () => {
    ({ checkout, base } = await productionCheckout({ PATH: pathWithYarn }));
    await checkout.run('./prod.sh');
  });
  afterAll(() => checkout.dispose());

  it('joins the two that run by ./prod.sh alone, without one failed request', async () => {
    await checkout.addService('zebras');
    const { outcome, report } = await whileUsersAreThere(base, () => checkout.shell('./prod.sh'));
    expect(outcome).toEqual({ ...outcome, code: 0 });
    expect(report.failures).toEqual([]);
    expect(await checkout.run('./prod.sh status')).toMatch(/^bw-zebras-service +healthy /m);
    expect(await checkout.run('./prod.run')).toMatch(/ 0 failed, 0 skipped\n$/);
  });

  it('is reached through the gateway, with a token that auth issues for it', async () => {
    const { accessToken } = await signUp(base);
    const written = await send(`${base}/v1/zebras`, 'POST', { text: 'Hello' }, accessToken);
    expect(written.status).toBe(201);
    expect(await (await send(`${base}/v1/zebras`, 'GET')).json()).toMatchObject({
      data: [{ text: 'Hello' }],
    });
  });

  it('has the same roles and backup as the others', async () => {
    const may = (role: string) =>
      checkout.run(
        `docker exec bw-postgres psql -U admin -d postgres -Atc "SELECT has_schema_privilege('${role}', 'zebras_schema', 'USAGE')"`,
      );
    expect([await may('zebras_app'), await may('post_app')]).toEqual(['t\n', 'f\n']);
    await checkout.run('./prod.sh');
    const tables = await checkout.run(
      'docker exec -i bw-postgres pg_restore --list < $(ls backups/*.dump | tail -1)',
    );
    expect(tables).toContain('TABLE DATA zebras_schema zebras');
  });
});
