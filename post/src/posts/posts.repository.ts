import { Injectable } from '@nestjs/common';
import { Pool, type PoolClient } from 'pg';
import { type Prisma, PrismaService, type Transaction } from '../database/prisma.service.js';
import type { Actor, DeleteResult, Post, PostContent, Versions } from './post.js';
import type { Position, PostFilter } from './post-list.js';
import { createQuery, deleteQuery, findQuery, pageQuery } from './post-queries.js';
import { byAccount, hiddenAuthorsQuery, purgeHiddenQuery, purgeQuery } from './purge-queries.js';

const select = {
  id: true,
  title: true,
  content: true,
  images: true,
  createdBy: true,
  createdAt: true,
  updatedAt: true,
  version: true,
} as const satisfies Prisma.PostSelect;

/** Who may write is part of the statement that writes. What has to be fast uses the pool below Prisma. */
@Injectable()
export class PostsRepository {
  constructor(
    private readonly pool: Pool,
    private readonly prisma: PrismaService,
  ) {}

  async find(id: string): Promise<Post | undefined> {
    const { rows } = await this.pool.query<Post>(findQuery(id));
    return rows[0];
  }

  async page(filter: PostFilter, limit: number, after?: Position<string>): Promise<Post[]> {
    const { rows } = await this.pool.query<Post>(pageQuery(filter, limit, after));
    return rows;
  }

  async create(
    content: PostContent,
    language: string,
    actor: Actor,
    client: Pool | PoolClient = this.pool,
  ): Promise<Post> {
    const { rows } = await client.query<Post>(createQuery(content, language, actor));
    const [post] = rows;
    if (!post) throw new Error('A new post was not stored.');
    return post;
  }

  /** Nothing when the post is gone, not the actor's, or of none of the expected versions. */
  async update(
    id: string,
    changes: Partial<PostContent>,
    actor: Actor,
    versions?: Versions,
  ): Promise<Post | undefined> {
    const owned = actor.isAdmin ? {} : { createdBy: actor.id };
    const expected = versions && { version: { in: [...versions] } };
    const [post] = await this.prisma.post.updateManyAndReturn({
      where: { id, deletedAt: null, ...owned, ...expected },
      data: { ...changes, updatedBy: actor.id, updatedAt: new Date(), version: { increment: 1 } },
      select,
    });
    return post && toPost(post);
  }

  /** All in one statement. `changed`: there and the actor's, but of none of the expected versions. */
  async delete(
    ids: readonly string[],
    actor: Actor,
    options: { versions?: Versions; client?: PoolClient } = {},
  ): Promise<DeleteResult[]> {
    const { client = this.pool, versions } = options;
    const { rows } = await client.query<DeleteResult>(deleteQuery(ids, actor, versions));
    return rows;
  }

  /** An owner may take back only what the owner deleted; nobody what was hidden with its author. */
  async restore(id: string, actor: Actor): Promise<Post | undefined> {
    const allowed = actor.isAdmin
      ? { OR: [{ deletedBy: null }, { deletedBy: { not: byAccount } }] }
      : { createdBy: actor.id, deletedBy: actor.id };
    const [post] = await this.prisma.post.updateManyAndReturn({
      where: { id, deletedAt: { not: null }, ...allowed },
      data: { deletedAt: null, deletedBy: null, version: { increment: 1 } },
      select,
    });
    return post && toPost(post);
  }

  /** What tells why a write found nothing; deleted posts too. */
  async findForRefusal(id: string) {
    const select = { createdBy: true, deletedAt: true, deletedBy: true };
    const post = await this.prisma.post.findUnique({ where: { id }, select });
    return post && { ...post, isHidden: post.deletedBy === byAccount };
  }

  async hideByAuthors(authorIds: string[], deletedAt: Date, tx: Transaction): Promise<void> {
    await tx.post.updateMany({
      where: { createdBy: { in: authorIds }, deletedAt: null },
      data: { deletedAt, deletedBy: byAccount, version: { increment: 1 } },
    });
  }

  async showByAuthor(authorId: string, tx: Transaction): Promise<void> {
    await tx.post.updateMany({
      where: { createdBy: authorId, deletedBy: byAccount, deletedAt: { not: null } },
      data: { deletedAt: null, deletedBy: null, version: { increment: 1 } },
    });
  }

  /** Removes up to `limit` posts for good that somebody deleted before `before`; answers how many. */
  async purge(before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(purgeQuery(before, limit));
    return rowCount ?? 0;
  }

  /** Up to `limit` authors, by id, of posts that were hidden with their author before `before`. */
  async hiddenAuthors(before: Date, after: string, limit: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ id: string }>(hiddenAuthorsQuery(before, after, limit));
    return rows.map(({ id }) => id);
  }

  /** The same as `purge` for posts that were hidden with one of these authors. */
  async purgeHidden(authorIds: readonly string[], before: Date, limit: number): Promise<number> {
    const { rowCount } = await this.pool.query(purgeHiddenQuery(authorIds, before, limit));
    return rowCount ?? 0;
  }
}

/** As the queries below Prisma answer it. */
const toPost = (row: Prisma.PostGetPayload<{ select: typeof select }>): Post => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});
