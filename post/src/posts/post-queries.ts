import type { QueryConfig } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { isoTimes } from '../database/iso-times.js';
import type { Actor, PostContent, Versions } from './post.js';
import type { Position, PostFilter, PostSearch, PostSort } from './post-list.js';
import { splitSearch } from './split-search.js';

/** Only so many matches are ranked, the newest: a word that half of all posts contain must not cost half a table. */
const rankedMatches = 200;

/** The columns of a `Post`. */
const columns = `p.id, p.title, p.content, p.images, p.version,
  p.created_by AS "createdBy", p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;

const order: Record<PostSort, { column: string; direction: 'ASC' | 'DESC'; beyond: '<' | '>' }> = {
  '-createdAt': { column: 'created_at', direction: 'DESC', beyond: '<' },
  createdAt: { column: 'created_at', direction: 'ASC', beyond: '>' },
  '-updatedAt': { column: 'updated_at', direction: 'DESC', beyond: '<' },
  updatedAt: { column: 'updated_at', direction: 'ASC', beyond: '>' },
};

export function findQuery(id: string): QueryConfig {
  const text = `SELECT ${columns} FROM post_schema.posts p WHERE p.id = $1 AND p.deleted_at IS NULL`;
  return { name: 'post', text, values: [id], types: isoTimes };
}

export function createQuery(content: PostContent, language: string, actor: Actor): QueryConfig {
  const { title, content: text, images = [] } = content;
  return {
    name: 'create post',
    text: `INSERT INTO post_schema.posts AS p (id, title, content, images, search_language, created_by, updated_by)
      VALUES ($1, $2, $3, $4, $5, $6, $6) RETURNING ${columns}`,
    values: [uuidv7(), title, text, images, language, actor.id],
    types: isoTimes,
  };
}

/** One page of a list, by key: what came before is skipped in the index, so a late page costs what the first does. */
export function pageQuery(filter: PostFilter, limit: number, after?: Position<string>): QueryConfig {
  const { column, direction, beyond } = order[filter.sort];
  const values: unknown[] = [limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = ['p.deleted_at IS NULL'];
  if (filter.authorId) conditions.push(`p.created_by = ${parameter(filter.authorId)}`);
  if (after)
    conditions.push(
      `(p.${column}, p.id) ${beyond} (${parameter(after[0])}::timestamptz, ${parameter(after[1])})`,
    );
  const text = `SELECT ${columns} FROM post_schema.posts p WHERE ${conditions.join(' AND ')}
    ORDER BY p.${column} ${direction}, p.id ${direction} LIMIT $1`;
  return {
    name: `posts ${filter.sort} ${conditions.length}${filter.authorId ? ' by author' : ''}`,
    text,
    values,
    types: isoTimes,
  };
}

/** Not prepared: only with the words at hand can the planner tell a rare one from one that is everywhere. */
export function searchQuery(search: PostSearch, limit: number, after?: Position<number>): QueryConfig {
  const { words, prefix } = splitSearch(search.text);
  const values: unknown[] = [limit, search.language, words, prefix];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const author = search.authorId ? `AND created_by = ${parameter(search.authorId)}` : '';
  const position = after ? `WHERE (rank, id) < (${parameter(after[0])}::float8, ${parameter(after[1])})` : '';
  const text = `
    WITH query AS MATERIALIZED (SELECT ${ranked} AS query),
    matches AS MATERIALIZED (
      SELECT id, search FROM post_schema.posts
      WHERE ${matches} AND deleted_at IS NULL ${author}
      ORDER BY created_at DESC, id DESC LIMIT ${rankedMatches}
    ),
    ranked AS (SELECT id, ts_rank(search, (SELECT query FROM query))::float8 AS rank FROM matches)
    SELECT ${columns}, best.rank
    FROM (SELECT id, rank FROM ranked ${position} ORDER BY rank DESC, id DESC LIMIT $1) best
    JOIN post_schema.posts p USING (id)
    ORDER BY best.rank DESC, p.id DESC`;
  return { text, values, types: isoTimes };
}

const whole = 'websearch_to_tsquery($2::regconfig, $3)';
const begun = 'to_tsquery($2::regconfig, $4)';

/**
 * What a match is ranked by: how often it has which of the words. An "or" on top, with a word that nobody writes, because
 * where an "and" or a phrase is, ts_rank compares every place of every word with every other's: seconds for one post.
 */
const ranked = `${whole} || ${begun} || '\u0001'::tsquery`;

/**
 * The index looks up the word still being typed only where it is alone: it would gather all posts with any word that
 * begins so, while whole words leave few to look through. IS TRUE keeps the index from it. Either may be empty: stop
 * words are.
 */
const matches = `search @@ CASE WHEN numnode(${whole}) = 0 THEN ${begun} ELSE ${whole} END
        AND (numnode(${whole}) = 0 OR numnode(${begun}) = 0 OR (search @@ ${begun}) IS TRUE)`;

/** Rows are locked in the order of their ids, so that two batches with the same ids wait instead of deadlocking. */
export function deleteQuery(ids: readonly string[], actor: Actor, versions?: Versions): QueryConfig {
  const text = `
    WITH asked AS (SELECT id, n FROM unnest($1::text[]) WITH ORDINALITY AS asked (id, n)),
    found AS MATERIALIZED (
      SELECT id, version, $3 OR created_by IS NOT DISTINCT FROM $2 AS allowed
      FROM post_schema.posts WHERE id = ANY ($1::text[]) AND deleted_at IS NULL
      ORDER BY id FOR UPDATE
    ),
    deleted AS (
      UPDATE post_schema.posts p SET deleted_at = now(), deleted_by = $2, version = p.version + 1
      FROM found f WHERE p.id = f.id AND f.allowed AND ($4::int[] IS NULL OR f.version = ANY ($4::int[]))
      RETURNING p.id
    )
    SELECT asked.id, CASE
      WHEN deleted.id IS NOT NULL THEN 'deleted'
      WHEN found.id IS NULL THEN 'not_found'
      WHEN NOT found.allowed THEN 'forbidden'
      ELSE 'changed' END AS outcome
    FROM asked LEFT JOIN found USING (id) LEFT JOIN deleted USING (id) ORDER BY asked.n`;
  return { name: 'delete posts', text, values: [ids, actor.id, actor.isAdmin, versions ?? null] };
}
