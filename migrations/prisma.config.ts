import { centralPrismaConfig } from '@bw/migrations/prisma-config';

export default centralPrismaConfig(import.meta.dirname);
