import { servicePrismaConfig } from '@bw/migrations/prisma-config';

export default servicePrismaConfig(import.meta.dirname);
