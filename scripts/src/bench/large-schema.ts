import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A service's schema of as many models as wanted, each with a relation to the one before. */
export async function writeSchema(root: string, service: string, models: string): Promise<void> {
  const folder = join(root, service, 'prisma');
  await mkdir(folder, { recursive: true });
  const head = `generator client {
  provider = "prisma-client"
  output   = "../src/generated/prisma"
}

datasource db {
  provider = "postgresql"
  schemas  = ["${service}_schema"]
}
`;
  await writeFile(join(folder, 'schema.prisma'), head + models);
}

export function modelsOf(count: number, service = 'auth', fields = ''): string {
  return Array.from({ length: count }, (_, at) => modelOf(service, at, count, fields)).join('');
}

/** The names differ between the services, as they mostly do. */
function modelOf(service: string, at: number, count: number, fields: string): string {
  const prefix = service === 'auth' ? 'Account' : 'Article';
  const relation =
    at > 0 ? `  parent    ${prefix}${at - 1}? @relation(fields: [parentId], references: [id])\n` : '';
  const back = at < count - 1 ? `  children  ${prefix}${at + 1}[]\n` : '';
  return `
/// The ${at}th of many.
model ${prefix}${at} {
  id        String   @id @default(uuid(7))
  name      String   @unique
  amount    Decimal  @default(0) @db.Decimal(12, 2)
  parentId  String?  @map("parent_id")
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3)
${relation}${back}${at === 0 ? fields : ''}
  @@index([parentId])
  @@map("${prefix.toLowerCase()}_${at}")
  @@schema("${service}_schema")
}
`;
}

/** Migrations as people write them: a table, then a column, an index and a constraint of it. */
export function scriptsOf(service: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    const table = `"${service}_schema"."table_${at - (at % 4)}"`;
    return [
      `CREATE TABLE ${table} ("id" TEXT NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "table_${at}_pkey" PRIMARY KEY ("id"));\n`,
      `ALTER TABLE ${table} ADD COLUMN "amount" INTEGER NOT NULL DEFAULT 0, ADD COLUMN "note" TEXT;\n`,
      `CREATE INDEX CONCURRENTLY "table_${at}_name_idx" ON ${table} ("name");\n`,
      `ALTER TABLE ${table} ADD CONSTRAINT "table_${at}_check" CHECK ("amount" >= 0) NOT VALID;\n`,
    ][at % 4] as string;
  });
}
