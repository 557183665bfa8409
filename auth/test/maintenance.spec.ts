import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PurgeWorker } from '../src/maintenance/purge.worker.js';
import { Auth } from './support/auth.js';

/** Rows of each table, with `end` as the moment of their end. */
const rowsEnding: Record<string, (end: string) => string> = {
  users: (end) => `(id, email, deleted_at) SELECT id, id || '@example.com', ${end} FROM ids`,
  sessions: (end) =>
    `(id, user_id, token_digest, idle_expires_at, expires_at, revoked_at)
     SELECT id, 'owner', '', 'infinity', CASE WHEN n % 2 = 0 THEN ${end} ELSE 'infinity' END,
            CASE WHEN n % 2 = 1 THEN ${end} END FROM ids`,
  one_time_tokens: (end) =>
    `(digest, user_id, purpose, email, expires_at) SELECT id::bytea, 'owner', 'VERIFY_EMAIL', '', ${end} FROM ids`,
  attempt_counters: (end) => `(key, attempts, expires_at) SELECT id, 1, ${end} FROM ids`,
  signing_keys: (end) =>
    `(id, public_key, private_key, signs_from, expires_at) SELECT id, '{}', '', now(), ${end} FROM ids`,
  mails: (end) => `(id, recipient, template, sent_at, created_at) SELECT id, '', '', ${end}, ${end} FROM ids`,
  outgoing_events: (end) => `(user_id, type, state, occurred_at) SELECT id, '', '', ${end} FROM ids`,
  audit_events: (end) => `(id, action, created_at) SELECT id, '', ${end} FROM ids`,
};
const kept = ['users', 'sessions', 'mails', 'outgoing_events'];
const outdated = 1_200;

describe('maintenance', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await Auth.start({ AUDIT_EVENTS_DAYS: '90' });
    await auth.admin.query(`INSERT INTO auth_schema.users (id, email) VALUES ('owner', 'owner@example.com')`);
  });
  afterAll(() => auth.stop());

  const insert = (table: string, kind: string, end: string, count: number) =>
    auth.admin.query(
      `WITH ids AS (SELECT '${kind}-' || n AS id, n FROM generate_series(1, ${count}) n)
       INSERT INTO auth_schema.${table} ${rowsEnding[table]?.(end)}`,
    );
  const counts = async () => {
    const selects = Object.keys(rowsEnding).map(
      (table) => `(SELECT count(*)::int FROM auth_schema.${table}) ${table}`,
    );
    return (await auth.admin.query(`SELECT ${selects}`)).rows[0];
  };
  const fillWith = async (kind: string, endOf: (table: string) => string, count: number) => {
    for (const table of Object.keys(rowsEnding)) await insert(table, kind, endOf(table), count);
  };
  const daysKept = (table: string) => {
    if (table === 'audit_events') return 90;
    return kept.includes(table) ? 30 : 0;
  };

  it('removes what ended longer ago than it is kept, in batches and by two replicas at once, and nothing else', async () => {
    const replica = await auth.startReplica();
    await fillWith('recent', (table) => `now() - interval '${daysKept(table) - 1} days'`, 3);
    await auth.admin.query(`INSERT INTO auth_schema.mails (id, recipient, template, created_at)
                            VALUES ('waiting', '', '', now() - interval '90 days')`);
    const before = await counts();
    await fillWith('outdated', (table) => `now() - interval '${daysKept(table) + 1} days'`, outdated);
    await Promise.all(
      [auth.service, replica].map(({ app }) => app.get(PurgeWorker, { strict: false }).purge()),
    );
    await replica.stop();
    expect(await counts()).toEqual(before);
  });

  it('comes back for the rest as time goes by', async () => {
    await auth.service.app.get(PurgeWorker, { strict: false }).purge(Date.now() + 366 * 24 * 3_600_000);
    const { users, mails, signing_keys: keys, ...others } = await counts();
    expect(new Set(Object.values(others))).toEqual(new Set([0]));
    expect({ users, mails, keys }).toEqual({ users: 1, mails: 1, keys: 1 });
  });

  it('ends early when told to stop', async () => {
    await insert('attempt_counters', 'late', `now() - interval '1 day'`, 10);
    await auth.service.app.get(PurgeWorker, { strict: false }).purge(Date.now(), AbortSignal.abort());
    expect((await counts()).attempt_counters).toBe(10);
  });
});
