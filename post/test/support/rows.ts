import type { TestDatabase } from '@bw/scripts/testing';
import pg from 'pg';

/** Runs SQL as the administrator of a test's database. */
export async function sql<Row extends object = object>(
  database: TestDatabase,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Many posts at once: ten authors, several to a millisecond, words of a small vocabulary, one in fifty deleted. */
export async function fill(database: TestDatabase, count: number): Promise<void> {
  await sql(
    database,
    `INSERT INTO post_schema.posts (id, title, content, created_by, updated_by, created_at, updated_at, deleted_at)
     SELECT gen_random_uuid()::text,
            'Post ' || n || CASE WHEN n % 1000 = 0 THEN ' zebra' ELSE '' END,
            (SELECT string_agg('word' || ((n::bigint * k * 7919) % 499), ' ') FROM generate_series(1, 40) k) || ' everywhere',
            author, author,
            timestamptz '2026-01-01' + (n / 3) * interval '1 millisecond',
            timestamptz '2026-06-01' - (n / 2) * interval '1 second',
            CASE WHEN n % 50 = 0 THEN timestamptz '2026-07-01' END
     FROM (SELECT n, authorOf(n) AS author FROM generate_series(1, $1::int) n) rows`.replace(
      'authorOf(n)',
      `'00000000-0000-4000-8000-' || lpad((n % 10)::text, 12, '0')`,
    ),
    [count],
  );
  await sql(database, 'VACUUM ANALYZE post_schema.posts');
}

export const authorOf = (n: number) => `00000000-0000-4000-8000-${String(n % 10).padStart(12, '0')}`;
