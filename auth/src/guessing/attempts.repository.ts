import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { type Database } from '../database/index.js';

interface Window {
  readonly used: number;
  readonly secondsLeft: number;
}

@Injectable()
export class AttemptsRepository {
  constructor(private readonly pool: Pool) {}

  /** Counts `hits` in the key's window, which opens with its first hit. One statement, so replicas cannot race. */
  async count(key: string, hits: number, windowSeconds: number): Promise<Window> {
    const { rows } = await this.pool.query<Window>({
      name: 'count-hits',
      text: `INSERT INTO auth_schema.attempt_counters AS c (key, attempts, expires_at)
             VALUES ($1, $2, now() + make_interval(secs => $3::int))
             ON CONFLICT (key) DO UPDATE SET
               attempts = CASE WHEN c.expires_at <= now() THEN 0 ELSE c.attempts END + excluded.attempts,
               expires_at = CASE WHEN c.expires_at <= now() THEN excluded.expires_at ELSE c.expires_at END
             RETURNING attempts AS used, extract(epoch FROM expires_at - now())::float AS "secondsLeft"`,
      values: [key, hits, windowSeconds],
    });
    return rows[0] ?? { used: 0, secondsLeft: 0 };
  }

  /**
   * Counts a try before it is judged, so that tries at the same moment cannot pass together, and sets the wait that
   * the next one finds: none for the first few, then 2, 4, 8 … seconds up to the longest. Undefined while waiting.
   */
  async startTry(key: string, free: number, longestWait: number): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ attempts: number }>({
      name: 'start-try',
      text: `INSERT INTO auth_schema.attempt_counters AS c (key, attempts, expires_at)
             VALUES ($1, 1, now() + interval '1 day')
             ON CONFLICT (key) DO UPDATE SET
               attempts = CASE WHEN c.expires_at <= now() THEN 1 ELSE c.attempts + 1 END,
               expires_at = excluded.expires_at,
               blocked_to = CASE WHEN c.expires_at > now() AND c.attempts >= $2 THEN
                 clock_timestamp() + make_interval(secs => least($3::float, power(2, least(30, c.attempts + 1 - $2)))) END
             WHERE c.blocked_to IS NULL OR c.blocked_to <= clock_timestamp()
             RETURNING attempts`,
      values: [key, free, longestWait],
    });
    return rows[0]?.attempts;
  }

  async secondsBlocked(key: string): Promise<number> {
    const { rows } = await this.pool.query<{ seconds: number }>(
      `SELECT extract(epoch FROM blocked_to - clock_timestamp())::float AS seconds
         FROM auth_schema.attempt_counters WHERE key = $1`,
      [key],
    );
    return rows[0]?.seconds ?? 1;
  }

  async forget(keys: string[], database: Database): Promise<void> {
    await database.$executeRaw`DELETE FROM auth_schema.attempt_counters WHERE key = ANY(${keys})`;
  }
}
