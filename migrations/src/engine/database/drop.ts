import pg from 'pg';

interface Client {
  query(text: string): Promise<unknown>;
}

const insufficientPrivilege = '42501';

/**
 * Drops a database that is no longer worked in, with what sessions may be left in it; one that is not there is none.
 * Only a superuser may end an autovacuum's session by FORCE, but without FORCE the server ends it for everybody.
 */
export async function dropDatabase(client: Client, name: string): Promise<void> {
  const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`;
  try {
    await client.query(`${drop} WITH (FORCE)`);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== insufficientPrivilege) throw error;
    await client.query(drop);
  }
}
