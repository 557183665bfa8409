import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';

/** Everything that the vault encrypts, with what binds a value to its row: `belongsTo:id`. */
const columns = [
  { table: 'signing_keys', column: 'private_key', belongsTo: 'signing-key' },
  { table: 'third_party_integrations', column: 'client_secret', belongsTo: 'integration' },
  { table: 'third_party_integrations', column: 'previous_client_secret', belongsTo: 'integration' },
  { table: 'mails', column: 'content', belongsTo: 'mail' },
] as const;

export interface EncryptedValue {
  readonly sealed: string;
  readonly belongsTo: string;
  replace(sealed: string): Promise<void>;
}

@Injectable()
export class EncryptedColumnsRepository {
  constructor(private readonly pool: Pool) {}

  /** What is encrypted with another key than the one named. */
  async listOthers(keyName: string): Promise<EncryptedValue[]> {
    const values = await Promise.all(columns.map((where) => this.listIn(where, keyName)));
    return values.flat();
  }

  private async listIn({ table, column, belongsTo }: (typeof columns)[number], keyName: string) {
    const { rows } = await this.pool.query<{ id: string; sealed: string }>(
      `SELECT id, ${column} AS sealed FROM auth_schema.${table} WHERE split_part(${column}, '.', 1) <> $1`,
      [keyName],
    );
    return rows.map(({ id, sealed }) => ({
      sealed,
      belongsTo: `${belongsTo}:${id}`,
      // Not where it has changed meanwhile.
      replace: async (renewed: string) => {
        await this.pool.query(
          `UPDATE auth_schema.${table} SET ${column} = $3 WHERE id = $1 AND ${column} = $2`,
          [id, sealed, renewed],
        );
      },
    }));
  }
}
