import type { Fill } from '@bw/migrations/rewrite';

/** A change of the schema as Prisma writes it (a check by hand: Prisma has none). */
export interface Change {
  what: string;
  sql: string;
  /** What old rows get, where somebody has to say. */
  fills?: Record<string, Fill>;
}

export const makeTables = `
CREATE SCHEMA bench;
CREATE TABLE "bench"."parents" ("id" BIGINT NOT NULL, CONSTRAINT "parents_pkey" PRIMARY KEY ("id"));
CREATE TABLE "bench"."items" (
  "id" BIGINT NOT NULL,
  "name" TEXT,
  "code" TEXT NOT NULL,
  "parent_id" BIGINT NOT NULL,
  "seen" INTEGER NOT NULL DEFAULT 0,
  "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "items_pkey" PRIMARY KEY ("id")
) WITH (fillfactor = 90);
`;

export const fillTables = (rows: number): string => `
INSERT INTO "bench"."parents" SELECT n FROM generate_series(1, 1000) n;
INSERT INTO "bench"."items" ("id", "name", "code", "parent_id")
  SELECT n, md5(n::text), md5((-n)::text), n % 1000 + 1 FROM generate_series(1, ${rows}) n;
`;

const alter = 'ALTER TABLE "bench"."items"';

export const changes: Change[] = [
  { what: 'index', sql: 'CREATE INDEX "items_name_idx" ON "bench"."items"("name");' },
  { what: 'unique', sql: 'CREATE UNIQUE INDEX "items_code_key" ON "bench"."items"("code");' },
  {
    what: 'foreign key',
    sql: `${alter} ADD CONSTRAINT "items_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "bench"."parents"("id") ON DELETE RESTRICT ON UPDATE CASCADE;`,
  },
  { what: 'check', sql: `${alter} ADD CONSTRAINT "items_seen_check" CHECK ("seen" >= 0);` },
  {
    what: 'not null',
    sql: `${alter} ALTER COLUMN "name" SET NOT NULL;`,
    fills: { '"bench"."items".name': { sql: "''" } },
  },
  {
    what: 'required column',
    sql: `${alter} ADD COLUMN "state" TEXT NOT NULL;`,
    fills: { '"bench"."items".state': { sql: "'NEW'" } },
  },
  { what: 'volatile default', sql: `${alter} ADD COLUMN "key" UUID NOT NULL DEFAULT gen_random_uuid();` },
  { what: 'timestamptz', sql: `${alter} ALTER COLUMN "at" SET DATA TYPE TIMESTAMPTZ(6);` },
];
