import { purge } from '@bw/service-kit/background';
import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { AuthorsService } from '../authors/authors.service.js';
import { PostConfig } from '../config.js';
import type { Transaction } from '../database/prisma.service.js';
import { IdempotencyService } from '../idempotency/idempotency.service.js';
import { type Actor, type DeleteResult, type PostContent, type PostView, type Versions } from './post.js';
import {
  NoChangeError,
  NotYourPostError,
  PostChangedError,
  PostHiddenError,
  PostNotDeletedError,
  PostNotFoundError,
} from './posts.errors.js';
import { PostsRepository } from './posts.repository.js';

/** What auth answers in one call. */
const authorsAtOnce = 100;

@Injectable()
export class PostsService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly authors: AuthorsService,
    private readonly idempotency: IdempotencyService,
    private readonly config: PostConfig,
  ) {}

  async create(content: PostContent, actor: Actor, key?: string): Promise<PostView> {
    const create = (client?: PoolClient) =>
      this.posts.create(content, this.config.SEARCH_LANGUAGE, actor, client);
    if (!key) return this.authors.attachTo(await create());
    const request = { userId: actor.id, operation: 'create', key, input: content };
    return this.authors.attachTo(await this.idempotency.once(request, create));
  }

  async get(id: string): Promise<PostView> {
    const post = await this.posts.find(id);
    if (!post) throw new PostNotFoundError();
    return this.authors.attachTo(post);
  }

  async update(
    id: string,
    changes: Partial<PostContent>,
    actor: Actor,
    versions?: Versions,
  ): Promise<PostView> {
    if (Object.values(changes).every((value) => value === undefined)) throw new NoChangeError();
    const post = await this.posts.update(id, changes, actor, versions);
    if (post) return this.authors.attachTo(post);
    const found = await this.posts.findForRefusal(id);
    if (!found || found.deletedAt) throw new PostNotFoundError();
    if (!mayWrite(actor, found)) throw new NotYourPostError();
    throw new PostChangedError();
  }

  async delete(id: string, actor: Actor, versions?: Versions): Promise<void> {
    const [result] = await this.posts.delete([id], actor, { versions });
    if (result?.outcome === 'forbidden') throw new NotYourPostError();
    if (result?.outcome === 'changed') throw new PostChangedError();
    if (result?.outcome !== 'deleted') throw new PostNotFoundError();
  }

  batchDelete(ids: readonly string[], actor: Actor, key?: string): Promise<DeleteResult[]> {
    const input = [...new Set(ids)];
    if (!key) return this.posts.delete(input, actor);
    const request = { userId: actor.id, operation: 'batch-delete', key, input };
    return this.idempotency.once(request, (client) => this.posts.delete(input, actor, { client }));
  }

  async restore(id: string, actor: Actor): Promise<PostView> {
    const post = await this.posts.restore(id, actor);
    if (post) return this.authors.attachTo(post);
    const found = await this.posts.findForRefusal(id);
    const isOwn = found && mayWrite(actor, found);
    // Of what is deleted a stranger does not learn that it existed.
    if (!found || (found.deletedAt && !isOwn)) throw new PostNotFoundError();
    if (isOwn && found.isHidden) throw new PostHiddenError();
    if (!isOwn || found.deletedAt) throw new NotYourPostError();
    throw new PostNotDeletedError();
  }

  /** The posts of a user go and come back with the user. */
  followAuthor(authorId: string, isActive: boolean, since: Date, tx: Transaction): Promise<void> {
    return isActive ? this.posts.showByAuthor(authorId, tx) : this.hideByAuthors([authorId], since, tx);
  }

  hideByAuthors(authorIds: string[], since: Date, tx: Transaction): Promise<void> {
    return this.posts.hideByAuthors(authorIds, since, tx);
  }

  purge(before: Date, limit: number): Promise<number> {
    return this.posts.purge(before, limit);
  }

  /**
   * Posts that were hidden with their author stay as long as auth knows the user, who may be unbanned or restored: no
   * event tells that a user is gone for good.
   */
  async purgeHidden(before: Date, stopped?: AbortSignal): Promise<void> {
    for (let after: string | undefined = ''; after !== undefined && !stopped?.aborted; ) {
      const authorIds = await this.posts.hiddenAuthors(before, after, authorsAtOnce);
      const gone = await this.authors.unknown(authorIds);
      await purge([(limit) => this.posts.purgeHidden(gone, before, limit)], stopped);
      after = authorIds.at(-1);
    }
  }
}

const mayWrite = (actor: Actor, post: { createdBy: string | null }) =>
  actor.isAdmin || post.createdBy === actor.id;
