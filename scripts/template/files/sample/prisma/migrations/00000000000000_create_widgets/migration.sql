-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "sample_schema";

-- CreateTable
CREATE TABLE "sample_schema"."widgets" (
    "id" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "widgets_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "widgets_created_by_id_idx" ON "sample_schema"."widgets"("created_by", "id");
