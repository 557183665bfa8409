import { decodeCursor, encodeCursor, type Page } from '@bw/service-kit/paging';
import { Injectable } from '@nestjs/common';
import { AuthorsService } from '../authors/authors.service.js';
import { PostConfig } from '../config.js';
import type { Post, PostView } from './post.js';
import type { Position, PostFilter, PostSearch } from './post-list.js';
import type { ListPosts } from './posts.dto.js';
import { SearchSortError } from './posts.errors.js';
import { PostsRepository } from './posts.repository.js';
import { SearchRepository } from './search.repository.js';

/** How many of the posts, from the first, one answer of a transport holds: at least one. */
type Fitting = (posts: readonly PostView[]) => number;

interface PageRequest extends Pick<ListPosts, 'limit' | 'cursor'> {
  readonly fitting: Fitting;
}

@Injectable()
export class PostListsService {
  constructor(
    private readonly posts: PostsRepository,
    private readonly searches: SearchRepository,
    private readonly authors: AuthorsService,
    private readonly config: PostConfig,
  ) {}

  async list({ q, sort, authorId, ...request }: ListPosts, fitting: Fitting = all): Promise<Page<PostView>> {
    if (q && sort) throw new SearchSortError();
    return q
      ? this.search({ text: q, language: this.config.SEARCH_LANGUAGE, authorId }, { ...request, fitting })
      : this.sorted({ sort: sort ?? '-createdAt', authorId }, { ...request, fitting });
  }

  private async sorted(filter: PostFilter, request: PageRequest): Promise<Page<PostView>> {
    const { limit, cursor } = request;
    const after = cursor === undefined ? undefined : decodeCursor(filter, cursor, isTimePosition);
    const rows = await this.posts.page(filter, limit + 1, after);
    const time = filter.sort.endsWith('createdAt') ? 'createdAt' : 'updatedAt';
    return this.toPage(rows, request, (last) => encodeCursor(filter, [last[time], last.id]));
  }

  private async search(search: PostSearch, request: PageRequest): Promise<Page<PostView>> {
    const { limit, cursor } = request;
    const after = cursor === undefined ? undefined : decodeCursor(search, cursor, isRankPosition);
    const rows = await this.searches.find(search, limit + 1, after);
    return this.toPage(rows, request, (last) => encodeCursor(search, [last.rank, last.id]));
  }

  private async toPage<Row extends Post>(
    rows: readonly Row[],
    { limit, fitting }: PageRequest,
    cursor: (last: Row) => string,
  ): Promise<Page<PostView>> {
    const posts = await this.authors.attach(rows.slice(0, limit));
    const data = posts.slice(0, fitting(posts));
    const last = data.at(-1);
    return { data, page: { next: last && rows.length > data.length ? cursor(last) : null, limit } };
  }
}

const all: Fitting = ({ length }) => length;

const isTimePosition = (key: unknown): key is Position<string> =>
  Array.isArray(key) && key.length === 2 && isTime(key[0]) && isId(key[1]);

const isRankPosition = (key: unknown): key is Position<number> =>
  Array.isArray(key) && key.length === 2 && Number.isFinite(key[0]) && isId(key[1]);

/** As JSON writes it, in the years that PostgreSQL reads in this form; a 30 February is read, but written otherwise. */
const isTime = (value: unknown) =>
  typeof value === 'string' && /^(?!0000)\d{4}-/.test(value) && new Date(value).toJSON() === value;

const isId = (value: unknown) => typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);
