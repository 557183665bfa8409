import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';

/** Tables of rows that come to an end, with their key and the end: what is before `$1` goes. */
const tables = {
  users: { key: 'id', hasEnded: 'deleted_at < $1' },
  sessions: { key: 'id', hasEnded: 'expires_at < $1 OR revoked_at < $1' },
  one_time_tokens: { key: 'digest', hasEnded: 'expires_at < $1' },
  attempt_counters: { key: 'key', hasEnded: 'expires_at < $1' },
  signing_keys: { key: 'id', hasEnded: 'expires_at < $1' },
  mails: { key: 'id', hasEnded: 'created_at < $1 AND (sent_at < $1 OR failed_at < $1)' },
  outgoing_events: { key: 'sequence', hasEnded: 'occurred_at < $1' },
  audit_events: { key: 'id', hasEnded: 'created_at < $1' },
} as const;

export type TableWithEnds = keyof typeof tables;

@Injectable()
export class OutdatedRowsRepository {
  constructor(private readonly pool: Pool) {}

  /** Removes at most `limit` rows that ended before `moment`; leaves those that another replica is removing. */
  async remove(table: TableWithEnds, moment: Date, limit: number): Promise<number> {
    const { key, hasEnded } = tables[table];
    const { rowCount } = await this.pool.query(
      `DELETE FROM auth_schema.${table} WHERE ${key} IN
         (SELECT ${key} FROM auth_schema.${table} WHERE ${hasEnded} LIMIT $2 FOR UPDATE SKIP LOCKED)`,
      [moment, limit],
    );
    return rowCount ?? 0;
  }
}
