import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { Checkout } from '../src/containers/checkout.js';
import { isolated } from './support/isolated.js';

// Installing packages, checking and testing a whole service are within.
jest.setTimeout(600_000);

// A name that is nobody's yet, also where somebody has added services.
let checkout: Checkout;
let env: Record<string, string>;

beforeAll(async () => {
  env = await isolated('zebras');
  checkout = new Checkout(env);
  await succeed('git commit -qm "Begin" && node scripts/build.mjs');
});
afterAll(async () => {
  await checkout.shell('./dev-stop.sh -v --yes');
  await checkout.dispose();
});

/** Types a line that has to succeed; shows what it said otherwise. */
async function succeed(line: string): Promise<string> {
  const { code, output } = await checkout.shell(line);
  expect({ code, output }).toEqual({ code: 0, output });
  return output;
}

const expectUnchanged = async () => expect(await succeed('git status --porcelain')).toBe('');
const exists = (path: string) => existsSync(join(checkout.folder, path));
const newService = 'node scripts/dist/commands/new-service.js';

describe('a name', () => {
  it.each([
    ['auth', 'There is auth/ already'],
    ['docs', 'There is docs/ already'],
    ['posts', 'Another service keeps posts'],
    ['users', 'Another service keeps users'],
    ['integrations', 'deploy/gateway/Caddyfile has /v1/integrations already'],
    ['gateway', 'has gateway already'],
    ['database', 'docker-compose.prod.yml has database already'],
    ['backups', 'Git ignores folders of that name'],
    ['public', 'means something else already'],
    ['pg', 'means something else already'],
    ['pg_zebras', 'PostgreSQL keeps names that begin with pg_'],
    ['dates', 'JavaScript has a type Date already'],
    ['Zebras', 'one word of at most 40 lower-case letters and digits'],
    ['Postgres', 'letter first.'],
    ['my-zebras', 'one word of at most 40 lower-case letters and digits, a letter first: myzebras.'],
    ['my_zebras', 'one word of at most 40 lower-case letters and digits'],
    ['2zebras', 'one word of at most 40 lower-case letters and digits'],
    ['c'.repeat(41), 'one word of at most 40 lower-case letters and digits'],
  ])('%s is refused with the reason', async (name, reason) => {
    const { code, output } = await checkout.shell(`${newService} ${name}`);
    expect(code).toBe(1);
    expect(output).toContain(`"${name}" cannot name a service.`);
    expect(output).toContain(reason);
    await expectUnchanged();
  });
});

describe('what was begun', () => {
  it('is undone when a tool fails', async () => {
    const broken = 'echo nonsense > contracts/buf.gen.yaml';
    const { code, output } = await checkout.shell(`${broken} && ${newService} zebras`);
    expect([code, output]).toEqual([1, expect.stringContaining('Nothing was changed')]);
    await succeed('git checkout -q contracts/buf.gen.yaml');
    await expectUnchanged();
  });

  it('is undone when it is interrupted', async () => {
    const interrupted = `${newService} zebras & until [ -s zebras/.env.example ]; do sleep 0.05; done; kill -INT $!; wait $!`;
    expect(await checkout.shell(interrupted)).toMatchObject({ code: 130 });
    await expectUnchanged();
  });

  it('is undone by the next command when it was killed', async () => {
    // Yarn knows it by then.
    const killed = `${newService} zebras & until [ -e node_modules/@bw/zebras ]; do sleep 0.05; done; kill -KILL $!; wait $!`;
    await checkout.shell(killed);
    expect(exists('zebras/.env.example')).toBe(true);
    expect((await checkout.shell(`${newService} auth`)).output).toContain('There is auth/ already');
    await expectUnchanged();
  });
});

// Reading these files takes the commands, not an engine.
const itWithCompose = spawnSync('docker', ['compose', 'version']).status === 0 ? it : it.skip;

describe('a third service', () => {
  const url = (service: string) => `http://127.0.0.1:${env[`${service.toUpperCase()}_HTTP_PORT`]}`;
  const adminUrl = () =>
    parseEnv(readFileSync(join(checkout.folder, '.data/env/admin.env'), 'utf8')).ADMIN_DATABASE_URL;
  const query = async (sql: string) => {
    const client = new pg.Client({ connectionString: adminUrl() });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };

  it('is written by one command, also while the others run', async () => {
    await succeed('./dev.sh');
    expect(await succeed('yarn new:service zebras')).toContain('zebras/ is ready');
    for (const file of ['openapi.json', 'docker-entrypoint.sh']) expect(exists(`zebras/${file}`)).toBe(true);
  });

  it('passes yarn check with everything else', async () => {
    await succeed('yarn check');
  });

  it('passes its own tests, and those that look at every service', async () => {
    await succeed('yarn test zebras/ contracts/ scripts/test/kubernetes.spec.ts');
  });

  it('is started by ./dev.sh and takes tokens from auth', async () => {
    await succeed('./dev.sh');
    const post = async (to: string, body: object, token?: string) => {
      const headers = {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      };
      const response = await fetch(to, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, string>;
    };
    const account = { email: 'ada@example.org', password: 'correct horse battery staple' };
    const { accessToken } = await post(`${url('auth')}/v1/auth/signup`, account);
    const created = await post(`${url('zebras')}/v1/zebras`, { text: 'Hello' }, accessToken);
    expect(created).toMatchObject({ text: 'Hello', createdBy: expect.any(String) });
  });

  it.each([
    'migrations/sync-schemas.sh --check',
    'migrations/migrate-multi-schema.sh',
    'yarn db status',
    'yarn db plan',
    'yarn db lint',
    'yarn db verify',
    'yarn db deploy',
  ])('is known to %s', async (line) => {
    await succeed(line);
  });

  it('has its history in the view of all', async () => {
    const rows = await query('SELECT DISTINCT service FROM _prisma_migrations ORDER BY service');
    expect(rows.map(({ service }) => service)).toContain('zebras');
  });

  itWithCompose.each([
    'docker compose -f docker-compose.dev.yml config --quiet',
    'mkdir -p secrets && docker compose -f docker-compose.prod.yml config --quiet',
    'docker stack config -c deploy/swarm/stack.yml',
  ])('leaves files that %s takes', async (line) => {
    await succeed(line);
  });

  it('is not removed with its data unless told so, all that is needed at once', async () => {
    const { code, output } = await checkout.shell('yarn remove:service zebras');
    expect([code, output]).toEqual([1, expect.stringContaining('has rows in zebras_schema.zebras.')]);
    expect(output).toContain('yarn remove:service zebras --drop-data, and --yes');
    expect(exists('zebras')).toBe(true);
  });

  it('is removed without a trace, while the others serve on', async () => {
    await succeed('yarn remove:service zebras --yes --drop-data');
    await expectUnchanged();
    expect(exists('contracts/dist/generated/zebras')).toBe(false);
    expect(await query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'zebras%'")).toEqual([]);
    expect(await query("SELECT 1 FROM pg_roles WHERE rolname LIKE 'zebras%'")).toEqual([]);
    await expect(fetch(`${url('zebras')}/health/live`)).rejects.toThrow();
    expect((await fetch(`${url('post')}/health/ready`)).status).toBe(200);
  });

  it('leaves what Git does not keep when a commit is taken back, and that is cleared away', async () => {
    await succeed('mkdir -p zebras/dist && touch zebras/dist/main.js');
    await query('CREATE ROLE zebras_owner; CREATE SCHEMA zebras_schema AUTHORIZATION zebras_owner');
    expect(await checkout.shell('yarn new:service zebras')).toEqual({
      code: 1,
      output: expect.stringContaining('yarn remove:service zebras clears it away'),
    });
    await succeed('yarn remove:service zebras --yes');
    expect(exists('zebras')).toBe(false);
    expect(await query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'zebras%'")).toEqual([]);
    expect((await checkout.shell('yarn remove:service zebras --yes')).output).toContain(
      'There is no service "zebras"',
    );
  });

  it.each(['node_modules', 'secrets', 'docs'])('is not what %s is taken for', async (name) => {
    await succeed('mkdir -p secrets');
    expect(await checkout.shell(`yarn remove:service ${name} --yes`)).toMatchObject({ code: 1 });
    expect(exists(name)).toBe(true);
  });

  it('is not removed once it is committed; every commit that touches it is named', async () => {
    await succeed('echo >> post/package.json && git commit -qam "Change post"');
    const commits = (await succeed('git log --format=%h')).trim().split('\n');
    const { code, output } = await checkout.shell('yarn remove:service post --yes');
    expect([code, output]).toEqual([1, expect.stringContaining('post has been committed')]);
    expect(output).toContain(`git revert ${commits.join(' ')}\n`);
  });
});
