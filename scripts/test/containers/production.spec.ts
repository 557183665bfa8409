import { once } from 'node:events';
import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { findServices } from '@bw/migrations/services';
import { commandsOf, readBlocks } from '@bw/scripts/testing/documents';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Account, send, signUp } from '../../src/containers/account.js';
import type { Checkout } from '../../src/containers/checkout.js';
import { type TrafficReport, whileUsersAreThere } from '../../src/containers/traffic.js';
import { failedMigration, production } from './guide.js';
import { describeWithEngine, productionCheckout } from './machine.js';

const services = findServices().map(({ name }) => name);

describeWithEngine('production in containers', () => {
  let checkout: Checkout;
  let base: string;
  const file = (path: string) => join(checkout.folder, path);

  beforeAll(async () => {
    ({ checkout, base } = await productionCheckout());
  });
  afterAll(() => checkout.dispose());

  const secrets = () =>
    readdirSync(file('secrets'))
      .filter((name) => name !== '.lock')
      .map((name) => ({ name, text: readFileSync(file(`secrets/${name}`), 'utf8') }));
  const run = (line: string) => checkout.run(line);
  const migrate = (name: string, sql: string) => checkout.addMigration('auth', name, sql);
  const edit = (text: string) => checkout.edit('auth', text);
  const underTraffic = async (
    line: string,
  ): Promise<{ output: string; code: number; report: TrafficReport }> => {
    const { outcome, report } = await whileUsersAreThere(base, () => checkout.shell(line));
    return { ...outcome, report };
  };

  it('starts from nothing: makes secrets for its owner only, shows none, and names its address', async () => {
    const output = await run('./prod.sh');
    expect(output).toContain(base);
    expect(
      secrets()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [...['admin', 'settings', ...services].map((name) => `${name}.env`), 'postgres_password'].sort(),
    );
    for (const { name } of secrets()) expect(statSync(file(`secrets/${name}`)).mode & 0o777).toBe(0o600);
    const values = secrets().flatMap(({ text }) => text.match(/[\w+/-]{30,}/g) ?? []);
    for (const value of values) expect(output).not.toContain(value);
    const inspected = await run('docker inspect bw-postgres bw-auth-service bw-post-service bw-gateway');
    for (const value of values) expect(inspected).not.toContain(value);
  });

  it('publishes nothing but the gateway, and runs as nobody special on a file system that cannot be written', async () => {
    const ports = await run(
      "docker ps --filter label=bw.environment=production --format '{{.Names}} {{.Ports}}'",
    );
    const published = ports.split('\n').filter((line) => line.includes('->'));
    expect(published).toEqual([expect.stringContaining('bw-gateway')]);
    for (const service of ['bw-auth-service', 'bw-post-service']) {
      expect(await run(`docker exec ${service} id -u`)).not.toBe('0\n');
      expect(await checkout.shell(`docker exec ${service} touch /app/x`)).toMatchObject({ code: 1 });
    }
  });

  it('takes every privilege from its containers but those they need', async () => {
    const format = `'{{json .HostConfig}}'`;
    for (const name of ['postgres', 'gateway', ...services.map((service) => `${service}-service`)]) {
      const config: unknown = JSON.parse(await run(`docker inspect --format ${format} bw-${name}`));
      expect(config).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges:true'] });
    }
  });

  it("does not give the owner's password to what serves", async () => {
    const environment = `tr '\\0' '\\n' < /proc/1/environ`;
    for (const service of services) {
      const variables = await run(`docker exec bw-${service}-service bash -c "${environment}"`);
      // The settings' file overrides nothing that is set, be it empty.
      expect(variables.split('\n')).toContain('MIGRATION_DATABASE_URL=');
    }
  });

  it('has images that add little to their base', async () => {
    const sizeOf = async (image: string) =>
      Number(await run(`docker image inspect --format '{{.Size}}' ${image}`)) / 1e6;
    const base = await sizeOf('node:24-trixie-slim');
    for (const service of services)
      expect((await sizeOf(`bw-${service}-service:current`)) - base).toBeLessThan(44);
  });

  it('keeps metrics and gRPC inside, and explains what the gateway refuses', async () => {
    const answer = await send(`${base}/metrics`, 'GET');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 404, requestId: answer.headers.get('x-request-id') });
    expect(answer.headers.get('server')).toBeNull();
    expect((await send(`${base}/bw.auth.v1.UsersService/GetUserSummaries`, 'POST', {})).status).toBe(404);
    // Several, because a service that closes while the gateway is sending answers only now and then.
    for (const email of ['x'.repeat(2_000_000), 'x'.repeat(500_000)]) {
      for (let attempt = 0; attempt < 10; attempt++)
        expect((await send(`${base}/v1/auth/login`, 'POST', { email })).status).toBe(413);
    }
  });

  it("runs the guide's commands as they are written", async () => {
    for (const line of production.verify) {
      const output = await run(line);
      expect(output).toMatch(/create_users_and_sessions/);
      expect(output).toMatch(/create_posts/);
    }
    for (const line of production.manual) expect(await run(line)).toMatch(/up to date/);
    for (const line of production.generate) expect(await run(line)).toContain('Generated Prisma Client');
    const tables = (await Promise.all(production.tables.map(run))).join('');
    for (const name of ['users', 'third_party_integrations', 'posts']) expect(tables).toContain(name);
    await run(production.dump);
    await run(production.volume);
    const made = readdirSync(checkout.folder);
    const dump = made.find((name) => /^backup_\d+_\d+\.sql$/.test(name)) ?? '';
    expect(readFileSync(file(dump), 'utf8')).toContain('CREATE TABLE auth_schema.users');
    expect(made.find((name) => /^postgres_backup_.*\.tar\.gz$/.test(name))).toBeDefined();
    expect(await run(production.logs)).toContain('"msg":"ready"');
  });

  it('has in its images what else one does inside: Prisma, administration, the documentation', async () => {
    const drift = 'migrate diff --from-config-datasource --to-schema prisma/schema.prisma --exit-code';
    for (const command of ['--version', 'validate', 'format --check', 'migrate status', drift])
      await run(`docker exec bw-auth-service yarn prisma ${command}`);
    await run('docker exec bw-auth-service yarn admin:create --help');
    const security = readBlocks(file('docs/SECURITY.md')).flatMap(commandsOf);
    const inside = security.filter((line) => line.startsWith('docker exec '));
    expect(inside).toHaveLength(1);
    for (const line of inside) expect(await run(line)).toContain(base);
    await run('docker exec bw-auth-service node dist/commands/keys-rotate.js');
    for (const path of ['docs', 'docs/openapi.json', 'docs/swagger-ui.css', 'docs/swagger-ui-bundle.js'])
      await run(
        `docker exec bw-auth-service node -e "fetch('http://127.0.0.1:9001/${path}').then((a) => process.exit(a.ok ? 0 : 1))"`,
      );
  });

  it('answers every reader while the services are restarted as the guide does', async () => {
    const { report } = await underTraffic(production.restart);
    expect(report.failures.filter(({ request }) => request !== 'change')).toEqual([]);
  });

  it('changes nothing when there is nothing new, and keeps nothing of a backup that was broken off', async () => {
    const before = secrets();
    await run('mkdir -p backups && touch backups/postgres_20990101_000000.dump.part');
    await run('docker exec bw-postgres createdb -U admin backup_trial');
    expect(await run('./prod.sh --no-verify')).toContain('every service runs this version already');
    expect(secrets()).toEqual(before);
    expect(readdirSync(file('backups'))).toEqual([expect.stringMatching(/\.dump$/)]);
    expect(await run('docker exec bw-postgres psql -U admin -lqt')).not.toContain('backup_trial');
  });

  it('restores a backup, also where a table was made since that it does not know', async () => {
    const [before, after] = [await signUp(base), await run('./prod.sh').then(() => signUp(base))];
    const psql = 'docker exec bw-postgres psql -U admin -d postgres -Atc';
    await run(`${psql} 'CREATE TABLE auth_schema.made_since (id text REFERENCES auth_schema.users)'`);
    const told = await run('./prod.sh restore "$(ls backups/*.dump | tail -1)"');
    expect(await run(`${psql} "SELECT to_regclass('auth_schema.made_since') IS NULL"`)).toBe('t\n');
    await run(/docker exec .*DROP DATABASE .*/.exec(told)?.[0] ?? 'false');
    const logIn = ({ email, password }: Account) =>
      send(`${base}/v1/auth/login`, 'POST', { email, password });
    expect((await logIn(before)).status).toBe(200);
    expect((await logIn(after)).status).toBe(401);
  });

  it('brings data migrations along, to be run inside as the guide does', async () => {
    const script = 'migrations/data-migrations/20990101_name_users.cjs';
    mkdirSync(file('migrations/data-migrations'), { recursive: true });
    writeFileSync(
      file(script),
      `const { prisma } = require('@bw/auth/client');
      prisma.user.updateMany({ data: { lastName: 'Named' } })
        .then(({ count }) => console.log(count + ' named'))
        .finally(() => prisma.$disconnect());`,
    );
    await run('./prod.sh --no-backup');
    expect(await run(production.dataMigration(script))).toMatch(/^[1-9]\d* named\n$/);
  });

  it('updates, with a migration, without one failed request', async () => {
    edit('second version');
    migrate('20990101000000_add_note', 'ALTER TABLE "auth_schema"."users" ADD COLUMN "note" TEXT;\n');
    const { code, output, report } = await underTraffic('./prod.sh');
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(report.failures).toEqual([]);
    expect(report.sent).toBeGreaterThan(100);
    expect(await run('docker logs bw-auth-service')).toContain('second version');
    expect(await run(failedMigration.look('20990101000000_add_note'))).toContain('(1 row)');
    expect((await checkout.shell('docker inspect bw-auth-service-next')).code).toBe(1);
  });

  it('goes back by one update, of whatever service it was, without one failed request', async () => {
    checkout.edit('post', 'third version');
    await run('./prod.sh --no-backup');
    expect(await run('docker logs bw-post-service')).toContain('third version');
    const { code, report } = await underTraffic('./prod.sh rollback');
    expect(code).toBe(0);
    expect(report.failures).toEqual([]);
    expect(await run('docker logs bw-post-service')).not.toContain('third version');
    expect(await run('docker logs bw-auth-service')).toContain('second version');
    expect((await send(`${base}/v1/posts`, 'GET')).status).toBe(200);
  });

  it('is tested by ./prod.run, whose last line counts', async () => {
    const output = await run('./prod.run');
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
  });

  it('takes up settings that were changed in secrets/', async () => {
    appendFileSync(file('secrets/auth.env'), 'LOG_LEVEL="debug"\n');
    const { code, report } = await underTraffic('./prod.sh --no-backup');
    expect(code).toBe(0);
    expect(report.failures).toEqual([]);
    expect(await run('./prod.sh --no-backup')).toContain('every service runs this version already');
  });

  it('gets HTTPS by itself when it has a domain, which it keeps, and sends everybody there', async () => {
    await run('./prod.sh stop');
    expect(await run('DOMAIN=localhost ./prod.sh --no-backup')).toContain('https://localhost');
    expect(await run('./prod.sh status')).toContain('https://localhost');
    expect(await run('./prod.sh --no-backup')).toContain('every service runs this version already');
    const plain = await fetch('http://localhost/v1/posts', { redirect: 'manual' });
    expect(plain.status).toBe(308);
    expect(plain.headers.get('location')).toBe('https://localhost/v1/posts');
    const secure = await getTrusting(await run(`docker exec bw-gateway cat ${rootCertificate}`));
    expect(secure.statusCode).toBe(200);
    expect(secure.headers['strict-transport-security']).toMatch(/^max-age=\d{8}/);
    await run('./prod.sh stop');
    expect(await run('docker volume ls')).toContain('nestjs-microservices_postgres_data');
  });
});

/** For localhost the gateway is its own certificate authority. */
const rootCertificate = '/data/caddy/pki/authorities/local/root.crt';

async function getTrusting(ca: string): Promise<IncomingMessage> {
  const [answer] = (await once(get('https://localhost/v1/posts', { ca }), 'response')) as [IncomingMessage];
  return answer.resume();
}
