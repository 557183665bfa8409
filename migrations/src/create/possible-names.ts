import { UserError } from '../errors/index.js';
import type { Mapped } from '../renames/index.js';

const longest = 63;

/** Refuses names that would not arrive in the database as they are written. */
export function assertNamesPossible(mapped: Mapped[]): void {
  for (const { target, members } of mapped) {
    for (const name of [target.name, ...members.values()]) {
      // Prisma does not double it where it quotes a name.
      if (name.includes('"')) throw impossible(name, `Prisma's SQL does not hold a name with a double quote`);
      const size = Buffer.byteLength(name);
      if (size > longest)
        throw impossible(name, `PostgreSQL cuts a name at ${longest} bytes, and this one has ${size}`);
    }
  }
}

const impossible = (name: string, why: string) =>
  new UserError('NAME_NOT_POSSIBLE', `The name ${name} is not possible: ${why}. Nothing was written.`, {
    hint: 'Give it another one in the database: @map("…") on a field or value, @@map("…") on a model or enum.',
  });
