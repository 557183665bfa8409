import { type UserEvent, UserEventType, UserState } from '@bw/contracts/user-events';
import { Injectable } from '@nestjs/common';
import { AuthorsService } from '../authors/authors.service.js';
import { PostsService } from '../posts/posts.service.js';
import { EndedSessions } from '../security/ended-sessions.js';
import { GoneAuthors } from './gone-authors.js';
import { type InboxEntry, InboxRepository } from './inbox.repository.js';
import { UserEventLog } from './user-event-log.js';

/** Follows what happens to users in auth: their posts, what is known of them as authors, their ended sessions. */
@Injectable()
export class UserEventsService {
  /** The last entry this process took notice of. Another replica may have stored it. */
  private noticed: bigint | undefined;
  /** The last event of the log whose ended sessions this process refuses, stored yet or not. */
  private heardOf: bigint | undefined;
  private readonly goneAuthors = new GoneAuthors();

  constructor(
    private readonly log: UserEventLog,
    private readonly inbox: InboxRepository,
    private readonly posts: PostsService,
    private readonly authors: AuthorsService,
    private readonly endedSessions: EndedSessions,
  ) {}

  /**
   * Refuses ended sessions as soon as auth tells of them. They do not wait to be stored: the posts hidden in the same
   * transaction, or in the one before, may be very many. Nor does their order matter, as no session begins anew.
   */
  async refuseEndedSessions(): Promise<void> {
    this.heardOf ??= await this.inbox.position();
    for (;;) {
      const events = await this.log.after(Number(this.heardOf));
      const last = events.at(-1);
      if (!last) return;
      for (const { endedSessionIds, tokensExpireAt } of events) {
        if (tokensExpireAt) this.endedSessions.add(endedSessionIds, tokensExpireAt);
      }
      if (last.sequence <= this.heardOf) throw new Error('auth answers events that it told before');
      this.heardOf = BigInt(last.sequence);
    }
  }

  /** Stores what is new at auth, with its effects. */
  async catchUp(): Promise<void> {
    let position = await this.inbox.position();
    for (;;) {
      const events = await this.log.after(Number(position));
      if (events.length === 0) return;
      await this.apply(events);
      const reached = await this.inbox.position();
      if (reached <= position) throw new Error('auth answers events that took effect before');
      position = reached;
    }
  }

  /** Brings what this process keeps in memory up to date with the inbox. */
  async takeNotice(): Promise<void> {
    if (this.noticed === undefined) {
      const position = await this.inbox.position();
      this.notice(await this.inbox.entriesSinceLiveTokens());
      this.noticed = position;
    }
    const entries = await this.inbox.entriesAfter(this.noticed);
    this.notice(entries);
    for (const { userId } of entries) this.authors.forget(userId);
    this.noticed = entries.at(-1)?.sequence ?? this.noticed;
    this.endedSessions.forgetExpired();
    this.goneAuthors.forgetExpired();
  }

  /**
   * Hides what authors wrote while they were being taken down: a post on its way then was not there yet to be hidden
   * with the others. While nothing else takes effect, so that nobody is hidden who has just come back.
   */
  async hideLatePosts(): Promise<void> {
    const { ids } = this.goneAuthors;
    if (ids.length === 0) return;
    await this.inbox.transaction(async (tx) => {
      await this.inbox.lock(tx);
      if ((await this.inbox.positionIn(tx)) !== this.noticed) return;
      await this.posts.hideByAuthors(ids, new Date(), tx);
    });
  }

  purge(before: Date, limit: number): Promise<number> {
    return this.inbox.purge(before, limit);
  }

  /** All at once, because that is quick; where it fails one by one, so that the others do not wait for one of them. */
  private async apply(events: readonly UserEvent[]): Promise<void> {
    try {
      await this.applyTogether(events);
    } catch {
      for (const event of events) await this.applyTogether([event], forVeryManyPosts);
    }
  }

  /** An event takes effect in the transaction that stores it: once, whoever crashes when. */
  private applyTogether(events: readonly UserEvent[], timeout?: number): Promise<void> {
    return this.inbox.transaction(async (tx) => {
      await this.inbox.lock(tx);
      for (const event of events) {
        const isNew = await this.inbox.store(event, tx);
        if (!isNew || !concernsPosts(event)) continue;
        const isActive = event.state === UserState.ACTIVE;
        await this.posts.followAuthor(event.userId, isActive, event.occurredAt ?? new Date(), tx);
      }
    }, timeout);
  }

  private notice(entries: readonly InboxEntry[]): void {
    for (const { userId, userActive, endedSessionIds, tokensExpireAt } of entries) {
      if (tokensExpireAt) this.endedSessions.add(endedSessionIds, tokensExpireAt);
      this.goneAuthors.follow(userId, userActive, tokensExpireAt);
    }
  }
}

/** Ten minutes: somebody's millions of posts are hidden in one statement. */
const forVeryManyPosts = 600_000;

/** All types but those known to leave the user's state as it is. */
const concernsPosts = ({ type }: UserEvent) =>
  type !== UserEventType.SESSIONS_ENDED && type !== UserEventType.UPDATED;
