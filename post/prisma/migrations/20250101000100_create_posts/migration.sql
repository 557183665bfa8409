-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "post_schema";

-- CreateTable
CREATE TABLE "post_schema"."posts" (
    "id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "images" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "created_by" TEXT,
    "updated_by" TEXT,
    "deleted_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,
    "search" tsvector,
    "search_language" TEXT NOT NULL DEFAULT 'english',

    CONSTRAINT "posts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "post_schema"."inbox_events" (
    "sequence" BIGINT NOT NULL,
    "user_id" TEXT NOT NULL,
    "user_active" BOOLEAN NOT NULL,
    "ended_session_ids" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "tokens_expire_at" TIMESTAMPTZ(3),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inbox_events_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "post_schema"."idempotency_keys" (
    "user_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "answer" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("user_id","operation","key")
);

-- CreateIndex
CREATE INDEX "posts_created_at_id_idx" ON "post_schema"."posts"("created_at", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "posts_updated_at_id_idx" ON "post_schema"."posts"("updated_at", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "posts_created_by_created_at_id_idx" ON "post_schema"."posts"("created_by", "created_at", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "posts_created_by_updated_at_id_idx" ON "post_schema"."posts"("created_by", "updated_at", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "posts_search_idx" ON "post_schema"."posts" USING GIN ("search") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "posts_deleted_at_created_by_idx" ON "post_schema"."posts"("deleted_at", "created_by") WHERE ("deleted_at" IS NOT NULL);

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "post_schema"."idempotency_keys"("created_at");

-- Full-text search. A trigger and not a generated column, because the language is the row's own.
CREATE FUNCTION "post_schema"."set_post_search"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := setweight(to_tsvector(NEW.search_language::regconfig, NEW.title), 'A')
             || setweight(to_tsvector(NEW.search_language::regconfig, NEW.content), 'B');
  RETURN NEW;
END $$;

CREATE TRIGGER "posts_set_search" BEFORE INSERT OR UPDATE OF title, content, search_language ON "post_schema"."posts"
  FOR EACH ROW EXECUTE FUNCTION "post_schema"."set_post_search"();

-- Enough words in the statistics for the planner to tell how many posts have one that begins so.
ALTER TABLE "post_schema"."posts" ALTER COLUMN "search" SET STATISTICS 500;
