import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { ManagedUsersRepository } from '../src/administration/managed-users.repository.js';
import { AuditRepository } from '../src/audit/audit.repository.js';
import { PrismaService } from '../src/database/index.js';
import { IntegrationsRepository } from '../src/integrations/integrations.repository.js';
import { OutdatedRowsRepository } from '../src/maintenance/outdated-rows.repository.js';
import { SessionsRepository } from '../src/sessions/sessions.repository.js';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];
const page = 21;
const newest = 'z';
const id = (n: string) => `(lpad(to_hex(${n}), 8, '0') || '-0000-7000-8000-000000000000')`;
const middle = '0000c350-0000-7000-8000-000000000000';
const someone = '00000064-0000-7000-8000-000000000000';

/** A pool that notes what it is asked. */
class NotingPool extends pg.Pool {
  readonly asked: pg.QueryConfig[] = [];
}

describe('at 100,000 rows', () => {
  let database: TestDatabase;
  let pool: NotingPool;
  let prisma: PrismaService;
  beforeAll(async () => {
    database = await createTestDatabase();
    await fill(database);
    pool = new NotingPool({ connectionString: database.url('auth_app'), max: 1 });
    const query = pool.query.bind(pool) as (config: unknown, values?: unknown[]) => unknown;
    Object.assign(pool, {
      query: (config: string | pg.QueryConfig, values?: unknown[]) => {
        pool.asked.push(typeof config === 'string' ? { text: config, values: values ?? [] } : config);
        return query(config, values);
      },
    });
    prisma = new PrismaService(pool);
  }, 120_000);
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** The plan of what a repository asks. */
  async function planOf(ask: () => Promise<unknown>): Promise<Plan[]> {
    pool.asked.length = 0;
    await ask();
    const [asked] = pool.asked;
    const { rows } = await pool.query({
      text: `EXPLAIN (ANALYZE, FORMAT JSON) ${asked?.text}`,
      values: asked?.values ?? [],
    });
    return flatten(rows[0]['QUERY PLAN'][0].Plan);
  }
  const touched = (nodes: Plan[]) =>
    Math.max(
      ...nodes.map(
        (node) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      ),
    );
  const kinds = (nodes: Plan[]) => nodes.map((node) => node['Node Type']);
  const expectItsOwnRowsOnly = (nodes: Plan[]) => {
    expect(kinds(nodes)).not.toContain('Seq Scan');
    expect(kinds(nodes)).not.toContain('Sort');
    // Where every second or third row is wanted, the planner may as well read past the others.
    expect(touched(nodes)).toBeLessThanOrEqual(4 * page);
  };

  const userFilters = {
    all: {},
    administrators: { role: 'ADMIN' },
    'of one role': { role: 'USER' },
    verified: { isVerified: true },
    'not verified': { isVerified: false },
    banned: { isBanned: true },
    'not banned': { isBanned: false },
    deleted: { isDeleted: true },
  } as const;
  const places = { first: undefined, middle };
  const pages = Object.entries(userFilters).flatMap(([name, filter]) =>
    Object.entries(places).map(([place, after]) => ({ name, place, filter, after })),
  );

  it.each(pages)('a page of users ($name, $place) reads its own rows only', async ({ filter, after }) => {
    const users = new ManagedUsersRepository(pool);
    expectItsOwnRowsOnly(await planOf(() => users.search(filter, page, after)));
  });

  it.each([
    ['one address', 'user777@example.com'],
    ['a rare name', 'zebedee'],
    ['nobody', 'nobody at all'],
  ])('a search for %s finds it by an index', async (_, q) => {
    const nodes = await planOf(() => new ManagedUsersRepository(pool).search({ q }, page));
    expect(kinds(nodes)).not.toContain('Seq Scan');
    expect(touched(nodes)).toBeLessThanOrEqual(100);
  });

  it('a search for what half of all have reads a page of them', async () => {
    const nodes = await planOf(() => new ManagedUsersRepository(pool).search({ q: 'user' }, page));
    expect(touched(nodes)).toBeLessThanOrEqual(4 * page);
  });

  const auditFilters = {
    everything: {},
    'of one user': { subjectId: someone },
    'by one administrator': { actorId: someone },
    'of a common action': { action: 'logged_in' },
    'of a rare action': { action: 'user_banned' },
  } as const;
  const auditPages = Object.entries(auditFilters).flatMap(([name, filter]) =>
    Object.entries(places).map(([place, after]) => ({ name, place, filter, after })),
  );

  it.each(auditPages)(
    'a page of the audit trail ($name, $place) reads its own rows only',
    async ({ filter, after }) => {
      const audit = new AuditRepository(prisma);
      expectItsOwnRowsOnly(await planOf(() => audit.list(filter, page, after)));
    },
  );

  it.each(['first', 'middle'] as const)(
    'a page of the own sessions (%s) reads its own rows only',
    async (place) => {
      const sessions = new SessionsRepository(pool, prisma);
      expectItsOwnRowsOnly(await planOf(() => sessions.list(someone, page, places[place] ?? newest)));
    },
  );

  it.each(['first', 'middle'] as const)(
    'a page of the integrations (%s) reads its own rows only',
    async (place) => {
      const integrations = new IntegrationsRepository(prisma);
      expectItsOwnRowsOnly(await planOf(() => integrations.list(page, places[place])));
    },
  );

  it.each([
    'users',
    'sessions',
    'one_time_tokens',
    'attempt_counters',
    'outgoing_events',
    'audit_events',
    'mails',
  ] as const)('removing nothing from %s reads nearly nothing', async (table) => {
    const outdated = new OutdatedRowsRepository(pool);
    const nodes = await planOf(() => outdated.remove(table, new Date(0), 500));
    expect(kinds(nodes.filter((node) => node['Relation Name'] === table))).not.toContain('Seq Scan');
    expect(touched(nodes)).toBeLessThanOrEqual(1_100);
  });
});

/** One user in a hundred is banned, deleted or an administrator; half are called user…; one user has 1,000 sessions. */
async function fill(database: TestDatabase): Promise<void> {
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
  await admin.query(`
    SET search_path = auth_schema;
    INSERT INTO users (id, email, first_name, role, is_verified, banned_at, deleted_at)
      SELECT ${id('n')}, CASE WHEN n % 2 = 1 THEN 'user' ELSE 'person' END || n || '@example.com', 'Name' || n,
             (CASE WHEN n % 100 = 0 THEN 'ADMIN' ELSE 'USER' END)::role, n % 2 = 0,
             CASE WHEN n % 100 = 1 THEN now() END, CASE WHEN n % 100 = 2 THEN now() END
        FROM generate_series(1, 100000) n;
    UPDATE users SET first_name = 'Zebedee' WHERE id = ${id('555')};
    INSERT INTO sessions (id, user_id, token_digest, idle_expires_at, expires_at, revoked_at)
      SELECT ${id('n')}, ${id('CASE WHEN n % 100 = 0 THEN 100 ELSE n END')}, '', 'infinity', 'infinity',
             CASE WHEN n % 10 = 1 THEN now() END
        FROM generate_series(1, 100000) n;
    INSERT INTO one_time_tokens (digest, user_id, purpose, email, expires_at)
      SELECT ${id('n')}::bytea, ${id('n')}, 'VERIFY_EMAIL', '', now() FROM generate_series(1, 100000) n;
    INSERT INTO attempt_counters (key, attempts, expires_at) SELECT n, 1, now() FROM generate_series(1, 100000) n;
    INSERT INTO mails (id, recipient, template, sent_at) SELECT ${id('n')}, '', '', now() FROM generate_series(1, 100000) n;
    INSERT INTO outgoing_events (user_id, type, state) SELECT n, '', '' FROM generate_series(1, 100000) n;
    INSERT INTO third_party_integrations (id, name, kind, issuer, audience)
      SELECT ${id('n')}, n, 'OIDC', n, '' FROM generate_series(1, 100000) n;
    INSERT INTO audit_events (id, action, subject_id, actor_id)
      SELECT ${id('n')}, CASE WHEN n % 100 = 0 THEN 'user_banned' ELSE 'logged_in' END,
             ${id('CASE WHEN n % 2 = 0 THEN 100 ELSE n END')}, ${id('CASE WHEN n % 3 = 0 THEN 100 ELSE n END')}
        FROM generate_series(1, 100000) n;
  `);
  await admin.query('VACUUM ANALYZE');
  await admin.end();
}
