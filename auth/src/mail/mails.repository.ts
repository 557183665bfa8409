import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import type { Database } from '../database/index.js';

export interface WaitingMail {
  readonly id: string;
  readonly recipient: string;
  readonly template: string;
  readonly content: string;
  readonly attempts: number;
}

/** Seconds that a replica has to send a mail, which is longer than mail-transport.ts lets it take. */
const lease = 180;

@Injectable()
export class MailsRepository {
  constructor(private readonly pool: Pool) {}

  async add(
    mail: { id: string; recipient: string; template: string; content: string },
    database: Database,
  ): Promise<void> {
    await database.mail.create({ data: mail });
  }

  /**
   * Takes mails that are due. Their next attempt is set before they are sent, so a replica that dies while sending
   * delays them and loses none, and no other replica sends them meanwhile. Where one fails, `markFailed` sets it anew.
   */
  async take(limit: number): Promise<WaitingMail[]> {
    const { rows } = await this.pool.query<WaitingMail>({
      name: 'take-mails',
      text: `UPDATE auth_schema.mails SET attempts = attempts + 1, next_attempt_at = now() + make_interval(secs => $2::int)
              WHERE id IN (SELECT id FROM auth_schema.mails
                            WHERE sent_at IS NULL AND failed_at IS NULL AND next_attempt_at <= now()
                            ORDER BY next_attempt_at LIMIT $1 FOR UPDATE SKIP LOCKED)
          RETURNING id, recipient, template, content, attempts`,
      values: [limit, lease],
    });
    return rows;
  }

  /** What was sent need not be kept: it carries links that act for the recipient. */
  async markSent(id: string): Promise<void> {
    await this.pool.query(
      'UPDATE auth_schema.mails SET sent_at = now(), content = NULL, last_error = NULL WHERE id = $1',
      [id],
    );
  }

  async markFailed(id: string, error: string, givenUp: boolean): Promise<void> {
    await this.pool.query(
      `UPDATE auth_schema.mails SET last_error = $2, failed_at = CASE WHEN $3 THEN now() END,
              content = CASE WHEN $3 THEN NULL ELSE content END,
              next_attempt_at = now() + make_interval(secs => least(3600, 10 * power(2, attempts - 1)))
        WHERE id = $1`,
      [id, error, givenUp],
    );
  }
}
