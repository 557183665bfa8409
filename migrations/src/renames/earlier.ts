import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSchema } from '../schema/index.js';
import type { Service } from '../services/index.js';
import { type Mapped, readMapping } from './mapping.js';

/**
 * The names that the service's models had when the schemas were last synced. Known only if that was after the last
 * migration: an older state would make a rename that is done look as if it were still to do.
 */
export async function earlierMapping(service: Service, history: { name: string }[]): Promise<Mapped[]> {
  const folder = join(service.folder, '../migrations/prisma');
  const file = join(folder, 'schema.prisma');
  const isInStep = history.every(({ name }) => existsSync(join(folder, 'migrations', name)));
  if (!isInStep || !existsSync(file)) return [];
  const mapping = readMapping(parseSchema(file, await readFile(file, 'utf8')), service.schema);
  return mapping.filter(({ target }) => target.schema === service.schema);
}
