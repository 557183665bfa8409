import { Connection } from './database/connection.js';
import { createShadow } from './database/shadow.js';
import { parseDatabaseUrl } from './database/url.js';

export type { Connection } from './database/connection.js';

export interface Pair {
  database: Connection;
  scratch: Connection;
}

/** Lends a database, and beside it an empty one that is dropped after the work. */
export async function withScratch<T>(
  url: string,
  schema: string,
  work: (pair: Pair) => Promise<T>,
): Promise<T> {
  const target = parseDatabaseUrl(url);
  const database = await Connection.open(target);
  try {
    const { connection, drop } = await createShadow(target, database, schema);
    try {
      return await work({ database, scratch: connection });
    } finally {
      await drop();
    }
  } finally {
    await database.close();
  }
}
