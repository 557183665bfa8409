import { findRoot, findService } from '@bw/migrations/services';
import { migrationUrl } from '@bw/migrations/settings';
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.js';

const url = migrationUrl(findService('sample', findRoot(import.meta.dirname)));

/** Ready for scripts that mend data: `import { prisma } from '@bw/sample/client'`. It acts as the owner of the schema. */
export const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) });
