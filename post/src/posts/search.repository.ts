import { createPool } from '@bw/service-kit/database';
import { UnavailableError } from '@bw/service-kit/errors';
import { Readiness } from '@bw/service-kit/health';
import { Log } from '@bw/service-kit/logging';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type DatabaseError, Pool } from 'pg';
import { PostConfig } from '../config.js';
import type { Post } from './post.js';
import type { Position, PostSearch } from './post-list.js';
import { searchQuery } from './post-queries.js';

/** Milliseconds that one search may take in the database, and wait for a connection. */
const patience = 2_000;
const statementCanceled = '57014';

/** Searches have connections of their own: however slow or many they are, everything else goes on. */
@Injectable()
export class SearchRepository implements OnApplicationShutdown {
  private readonly pool: Pool;

  constructor(config: PostConfig, readiness: Readiness, log: Log, pool: Pool) {
    this.pool = createPool(config, 'post search', log, {
      max: Math.ceil(config.DATABASE_POOL_SIZE / 2),
      connectionTimeoutMillis: patience,
      statement_timeout: patience,
    });
    readiness.addCheck('text search', languageCheck(pool, config.SEARCH_LANGUAGE));
  }

  async find(
    search: PostSearch,
    limit: number,
    after?: Position<number>,
  ): Promise<(Post & { rank: number })[]> {
    try {
      const { rows } = await this.pool.query<Post & { rank: number }>(searchQuery(search, limit, after));
      return rows;
    } catch (error) {
      if ((error as DatabaseError).code !== statementCanceled) throw error;
      throw new UnavailableError(
        'This search takes too long. Try fewer or rarer words.',
        5,
        'search_too_slow',
      );
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

/** Posts are stored and found by it, so without it nothing works; it does not go away later. */
function languageCheck(pool: Pool, language: string): () => Promise<void> {
  let isKnown = false;
  return async () => {
    if (isKnown) return;
    const { rowCount } = await pool.query('SELECT FROM pg_ts_config WHERE cfgname = $1', [language]);
    if (rowCount === 0)
      throw new UnavailableError(
        `the database has no text search configuration ${language} (SEARCH_LANGUAGE)`,
      );
    isKnown = true;
  };
}
