import type { Connection } from '../engine/index.js';
import { objectsQuery } from './objects-query.js';

/** What a database has and Prisma's schema cannot say, with the SQL that makes it and the SQL that undoes that. */
export interface DatabaseObject {
  kind: string;
  /** What it belongs to, such as a table; empty for what stands alone. */
  owner: string;
  name: string;
  definition: string;
  /** Undefined where PostgreSQL does not tell. */
  make: string | undefined;
  unmake: string | undefined;
}

/** Reads them as they would be written anywhere: with the schema before every name. */
export async function readObjects(connection: Connection, schema: string): Promise<DatabaseObject[]> {
  await connection.query("SET search_path = ''");
  const { rows } = await connection.query(objectsQuery, [schema]);
  return rows.map(([kind, owner, name, definition, make, unmake]) => ({
    kind: kind ?? '',
    owner: owner ?? '',
    name: name ?? '',
    definition: definition ?? '',
    make: make ?? undefined,
    unmake: unmake ?? undefined,
  }));
}
