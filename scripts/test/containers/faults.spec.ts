import { once } from 'node:events';
import { appendFileSync, chmodSync, renameSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { send } from '../../src/containers/account.js';
import type { Checkout, Outcome } from '../../src/containers/checkout.js';
import { whileUsersAreThere } from '../../src/containers/traffic.js';
import { failedMigration } from './guide.js';
import { describeWithEngine, productionCheckout } from './machine.js';

describeWithEngine('production, when something goes wrong', () => {
  let checkout: Checkout;
  let base: string;
  const file = (path: string) => join(checkout.folder, path);

  beforeAll(async () => {
    ({ checkout, base } = await productionCheckout());
    await checkout.run('./prod.sh');
  });
  afterAll(() => checkout.dispose());

  const run = (line: string) => checkout.run(line);
  const migrate = (name: string, sql: string) => checkout.addMigration('auth', name, sql);
  const edit = (text: string) => checkout.edit('auth', text);
  /** Whatever happens, the old version has to answer everything. */
  const whileServing = async (line: string): Promise<Outcome> => {
    const { outcome, report } = await whileUsersAreThere(base, () => checkout.shell(line));
    expect(report.failures).toEqual([]);
    return outcome;
  };
  /** Does something to the new version of auth as soon as it is there. */
  const toNextOfAuth = async (line: string) => {
    while ((await checkout.shell('docker inspect bw-auth-service-next')).code !== 0) await sleep(100);
    await run(line);
  };

  it('keeps the old version serving when a migration of the new one fails, and says why', async () => {
    migrate('20990102000000_broken', 'SELECT 1;\nALTER TABLE "auth_schema"."nothing" ADD COLUMN "x" TEXT;\n');
    const { code, output } = await whileServing('./prod.sh');
    expect(code).toBe(1);
    expect(output).toContain('20990102000000_broken');
    expect(output).toContain('The old version was left alone and serves on.');
    expect(await run(failedMigration.look('20990102000000_broken'))).toContain('(1 row)');
    await run(failedMigration.rolledBack('20990102000000_broken'));
    migrate('20990102000000_broken', 'SELECT 1;\n');
    await run('./prod.sh --no-backup');
    expect(await run(failedMigration.again)).toMatch(/up to date/);
  });

  it('survives a new container that is killed while it starts', async () => {
    edit('killed version');
    const killing = toNextOfAuth('until docker kill bw-auth-service-next; do sleep 0.1; done');
    const { code, output } = await whileServing('./prod.sh --no-backup');
    await killing;
    expect(code).toBe(1);
    expect(output).toContain('The old version was left alone');
  });

  it('goes on where an update was broken off', async () => {
    edit('interrupted version');
    const interrupted = checkout.shell('exec ./prod.sh --no-backup & echo $! >prod.pid; wait');
    await toNextOfAuth('kill -9 $(cat prod.pid)');
    await interrupted;
    const { code, output } = await whileServing('./prod.sh --no-backup');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(await run('docker logs bw-auth-service')).toContain('interrupted version');
    expect(await run("docker ps --all --filter name=-next --format '{{.Names}}'")).toBe('');
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot(
    'takes no backup onto a disk that is full, and changes nothing (needs root, for a small disk)',
    async () => {
      edit('version without a backup');
      await run('mv backups kept && mkdir backups && mount -t tmpfs -o size=20m tmpfs backups');
      const { code, output } = await whileServing('./prod.sh');
      await run('umount backups && rmdir backups && mv kept backups');
      expect(code).toBe(1);
      expect(output).toMatch(/The disk that holds .*backups has \d+ MB left; the backup needs \d+ MB/);
      expect(await run('docker logs bw-auth-service')).not.toContain('version without a backup');
    },
  );

  it('refuses secrets that others can read, and secrets that are gone', async () => {
    chmodSync(file('secrets/auth.env'), 0o644);
    expect(await checkout.shell('./prod.sh')).toMatchObject({
      code: 1,
      output: expect.stringContaining('Others on this machine can read secrets/auth.env'),
    });
    chmodSync(file('secrets/auth.env'), 0o600);
    renameSync(file('secrets/auth.env'), file('kept.env'));
    expect(await checkout.shell('./prod.sh')).toMatchObject({
      code: 1,
      output: expect.stringContaining('secrets/auth.env is missing'),
    });
    renameSync(file('kept.env'), file('secrets/auth.env'));
  });

  it('names an engine that does not answer, and keeps apart from development', async () => {
    const deaf = await checkout.shell('./prod.sh', { DOCKER_HOST: 'unix:///nowhere.sock' });
    expect(deaf).toMatchObject({ code: 1, output: expect.stringContaining('does not answer') });
    const development = await checkout.shell('./dev.sh --docker');
    expect(development).toMatchObject({ code: 1, output: expect.stringContaining('Production is running') });
    const volume = 'nestjs-microservices_postgres_dev_data';
    await run(`docker volume create ${volume}`);
    await run('./dev-stop.sh -v --yes');
    expect(await run('docker volume ls')).not.toContain(volume);
    expect((await send(`${base}/v1/posts`, 'GET')).status).toBe(200);
  });

  it('leaves the gateway alone when the port is taken that it would move to', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const GATEWAY_PORT = String((other.address() as AddressInfo).port);
    const { code, output } = await checkout.shell('./prod.sh', { GATEWAY_PORT });
    other.close();
    expect(code).toBe(1);
    expect(output).toContain(`Port ${GATEWAY_PORT} is in use`);
    expect((await send(`${base}/v1/posts`, 'GET')).status).toBe(200);
    expect(await run('./prod.sh status')).toContain(base);
  });

  it('stops and keeps the data, and names a port that is taken', async () => {
    await run('./prod.sh stop');
    const other = createServer().listen(Number(new URL(base).port), '127.0.0.1');
    expect(await checkout.shell('./prod.sh')).toMatchObject({
      code: 1,
      output: expect.stringContaining(`Port ${new URL(base).port} is in use`),
    });
    other.close();
    expect(await run('docker volume ls')).toContain('nestjs-microservices_postgres_data');
  });

  it('goes back also when it was stopped, and tests what can be tested where signing up takes a mail', async () => {
    appendFileSync(file('secrets/auth.env'), 'SIGN_UP="confirmed"\n');
    await run('./prod.sh rollback');
    expect(await run('docker logs bw-auth-service')).not.toContain('interrupted version');
    expect(await run('./prod.run')).toMatch(/^\d+ passed, 0 failed, 1 skipped$/m);
  });
});
