import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type PostFilter, postSorts } from '../src/posts/post-list.js';
import { findQuery, pageQuery, searchQuery } from '../src/posts/post-queries.js';
import { authorOf, fill, sql } from './support/rows.js';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

describe('at 100,000 posts', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    await fill(database, 100_000);
    client = new pg.Client({ connectionString: database.url('post_app') });
    await client.connect();
  }, 120_000);
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  /** As it runs the first time, with its values, and as it may run later, prepared for any. */
  async function plans({ text, values = [] }: pg.QueryConfig): Promise<Plan[][]> {
    const explain = async (mode: string) => {
      await client.query(`SET plan_cache_mode = ${mode}`);
      const { rows } = await client.query({ text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values });
      return flatten(rows[0]['QUERY PLAN'][0].Plan);
    };
    return [await explain('force_custom_plan'), await explain('force_generic_plan')];
  }
  const touched = (nodes: Plan[]) =>
    Math.max(...nodes.map((node) => node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)));
  const kinds = (nodes: Plan[]) => nodes.map((node) => node['Node Type']);

  const filters: PostFilter[] = postSorts.flatMap((sort) => [{ sort }, { sort, authorId: authorOf(7) }]);
  const pages = filters.flatMap((filter) =>
    [false, true].map((middle) => ({
      filter,
      middle,
      sort: filter.sort,
      of: filter.authorId ? 'one author' : 'all',
      place: middle ? 'middle' : 'first',
    })),
  );

  it.each(pages)('a page by $sort ($of, $place) reads its own rows only', async ({ middle, filter }) => {
    const after = middle
      ? ([
          filter.sort.includes('created') ? '2026-01-01T00:00:16.000Z' : '2026-05-31T12:00:00.000Z',
          'a',
        ] as const)
      : undefined;
    for (const nodes of await plans(pageQuery(filter, 21, after))) {
      expect(kinds(nodes)).not.toContain('Sort');
      expect(kinds(nodes)).not.toContain('Seq Scan');
      expect(nodes[0]?.['Actual Rows']).toBe(21);
      expect(touched(nodes)).toBeLessThanOrEqual(25);
    }
  });

  it('one post is read by its key', async () => {
    const [row] = await sql<{ id: string }>(
      database,
      'SELECT id FROM post_schema.posts WHERE deleted_at IS NULL LIMIT 1',
    );
    for (const nodes of await plans(findQuery(row?.id ?? ''))) {
      expect(kinds(nodes)).toEqual(['Index Scan']);
      expect(touched(nodes)).toBe(1);
    }
  });

  it.each([
    ['a rare word', 'zebra'],
    ['a word in every twelfth post', 'word77'],
    ['a word that is everywhere', 'everywhere'],
    ['the beginning of many words', 'word1'],
    ['rare and common words', 'everywhere word3 zebra'],
    ['a word of one author', 'word77', authorOf(7)],
  ])('a search for %s uses an index and ranks a bounded number', async (_, text, authorId = undefined) => {
    const [nodes = []] = await plans(searchQuery({ text, language: 'english', authorId }, 21));
    expect(kinds(nodes)).not.toContain('Seq Scan');
    const ranked = nodes
      .filter((node) => node['Node Type'] === 'CTE Scan')
      .map((node) => node['Actual Rows']);
    expect(Math.max(...ranked)).toBeLessThanOrEqual(200);
  });
});
