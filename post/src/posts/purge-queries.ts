import type { QueryConfig } from 'pg';

/** Marks posts that went because their author did, so that only these come back with the author. */
export const byAccount = 'account';

/** The conditions are those of two partial indexes: what is kept is not read again and again. */
const wasDeleted = `deleted_at IS NOT NULL AND deleted_by IS DISTINCT FROM '${byAccount}' AND deleted_at < $1`;
const wasHidden = `deleted_by = '${byAccount}' AND deleted_at < $1`;

export function purgeQuery(before: Date, limit: number): QueryConfig {
  return { text: purgeWhere(wasDeleted), values: [before, limit] };
}

export function purgeHiddenQuery(authorIds: readonly string[], before: Date, limit: number): QueryConfig {
  return { text: purgeWhere(`${wasHidden} AND created_by = ANY ($3)`), values: [before, limit, authorIds] };
}

export function hiddenAuthorsQuery(before: Date, after: string, limit: number): QueryConfig {
  const text = `SELECT DISTINCT created_by AS id FROM post_schema.posts
    WHERE ${wasHidden} AND created_by > $3 ORDER BY created_by LIMIT $2`;
  return { text, values: [before, limit, after] };
}

/** Leaves what another replica is removing. */
const purgeWhere = (condition: string) => `DELETE FROM post_schema.posts WHERE id IN
  (SELECT id FROM post_schema.posts WHERE ${condition} LIMIT $2 FOR UPDATE SKIP LOCKED)`;
