import { inTransaction } from '@bw/service-kit/database';
import { Injectable } from '@nestjs/common';
import type { JWK } from 'jose';
import { Pool } from 'pg';

export interface SigningKeyRow {
  readonly id: string;
  readonly public_key: JWK;
  readonly private_key: string;
  readonly signs_from: Date;
  readonly expires_at: Date | null;
}

export interface NewSigningKey {
  readonly id: string;
  readonly publicKey: JWK;
  readonly privateKey: string;
  /** Seconds until it signs. */
  readonly signsIn: number;
}

const creationLock = 7_411_031;

@Injectable()
export class SigningKeysRepository {
  constructor(private readonly pool: Pool) {}

  async list(): Promise<SigningKeyRow[]> {
    const { rows } = await this.pool.query<SigningKeyRow>(
      `SELECT id, public_key, private_key, signs_from, expires_at FROM auth_schema.signing_keys
        WHERE expires_at IS NULL OR expires_at > now() ORDER BY signs_from DESC`,
    );
    return rows;
  }

  /** Of replicas that start together on an empty database only one makes the first key. */
  async addFirst(key: NewSigningKey): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [creationLock]);
      await client.query(
        `INSERT INTO auth_schema.signing_keys (id, public_key, private_key, signs_from)
         SELECT $1, $2, $3, now() WHERE NOT EXISTS (SELECT FROM auth_schema.signing_keys)`,
        [key.id, key.publicKey, key.privateKey],
      );
    });
  }

  /** Adds a key, and lets the ones before it expire when the last token they signed has. */
  async rotate(key: NewSigningKey, tokenLifetime: number): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [creationLock]);
      await client.query(
        `UPDATE auth_schema.signing_keys SET expires_at = now() + make_interval(secs => $1::int + $2::int + 60)
          WHERE expires_at IS NULL`,
        [key.signsIn, tokenLifetime],
      );
      await client.query(
        `INSERT INTO auth_schema.signing_keys (id, public_key, private_key, signs_from)
         VALUES ($1, $2, $3, now() + make_interval(secs => $4::int))`,
        [key.id, key.publicKey, key.privateKey, key.signsIn],
      );
    });
  }
}
