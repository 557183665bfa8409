import { UserState, type UserSummary } from '@bw/contracts/users';
import { Log } from '@bw/service-kit/logging';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Author, AuthorState } from './author.dto.js';
import { UserSummaries } from './user-summaries.js';

const remembered = 10_000;
const freshFor = 30_000;

interface Written {
  readonly createdBy: string | null;
}
type Attributed<Row> = Row & { readonly author: Author | null };

/** Authors by id: one call to auth for those not known well enough, and an answer also when auth gives none. */
@Injectable()
export class AuthorsService {
  private readonly known = new LRUCache<string, Author>({
    max: remembered,
    ttl: freshFor,
    allowStale: true,
    noDeleteOnStaleGet: true,
  });

  constructor(
    private readonly summaries: UserSummaries,
    private readonly log: Log,
  ) {}

  /** Gives each row the author it was created by: the row itself, since copies would be a tenth of what a page costs. */
  async attach<Row extends Written>(rows: readonly Row[]): Promise<Attributed<Row>[]> {
    const ids = [...new Set(rows.map(({ createdBy }) => createdBy))].filter((id) => id !== null);
    const authors = await this.byIds(ids);
    return rows.map((row) => Object.assign(row, { author: authors.get(row.createdBy) ?? null }));
  }

  async attachTo<Row extends Written>(row: Row): Promise<Attributed<Row>> {
    const authors = await this.byIds(row.createdBy === null ? [] : [row.createdBy]);
    return Object.assign(row, { author: authors.get(row.createdBy) ?? null });
  }

  /** Those of them whom auth does not know, or no longer. Fails where auth does not answer what it was asked. */
  async unknown(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const users = await this.summaries.get([...ids]);
    if (!users.every(({ id }) => ids.includes(id)))
      throw new Error('auth answers users it was not asked for');
    return ids.filter((id) => !users.some((user) => user.id === id));
  }

  private async byIds(ids: readonly string[]): Promise<ReadonlyMap<string | null, Author>> {
    const outdated = ids.filter((id) => this.known.getRemainingTTL(id) <= 0);
    const unanswered = outdated.length === 0 || (await this.refresh(outdated)) ? [] : outdated;
    return new Map(
      ids.map((id) => {
        const author = this.known.get(id) ?? { ...nothingKnown, id };
        return [id, unanswered.includes(id) ? { ...author, state: 'unavailable' } : author];
      }),
    );
  }

  /** What is known of a user is out of date. */
  forget(id: string): void {
    this.known.delete(id);
  }

  private async refresh(ids: string[]): Promise<boolean> {
    try {
      const users = new Map((await this.summaries.get(ids)).map((user) => [user.id, user]));
      for (const id of ids) this.known.set(id, toAuthor(users.get(id) ?? { id, state: UserState.DELETED }));
      return true;
    } catch (error) {
      this.log.debug({ err: error }, 'authors are shown as unavailable');
      return false;
    }
  }
}

const states: Readonly<Record<number, AuthorState>> = {
  [UserState.ACTIVE]: 'active',
  [UserState.DELETED]: 'deleted',
  [UserState.BANNED]: 'banned',
};

const nothingKnown = { firstName: null, lastName: null, avatar: null, state: 'unavailable' } as const;

const toAuthor = ({ id, firstName, lastName, avatar, state }: UserSummary): Author => ({
  id,
  firstName: firstName ?? null,
  lastName: lastName ?? null,
  avatar: avatar ?? null,
  state: states[state] ?? 'unavailable',
});
