-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "auth_schema";

-- CreateEnum
CREATE TYPE "auth_schema"."role" AS ENUM ('USER', 'ADMIN');

-- CreateEnum
CREATE TYPE "auth_schema"."token_purpose" AS ENUM ('VERIFY_EMAIL', 'RESET_PASSWORD', 'CHANGE_EMAIL');

-- CreateEnum
CREATE TYPE "auth_schema"."issuer_kind" AS ENUM ('OIDC', 'FIREBASE');

-- CreateTable
CREATE TABLE "auth_schema"."users" (
    "id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "password" TEXT,
    "first_name" TEXT,
    "last_name" TEXT,
    "avatar" TEXT,
    "is_verified" BOOLEAN NOT NULL DEFAULT false,
    "role" "auth_schema"."role" NOT NULL DEFAULT 'USER',
    "banned_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."sessions" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token_digest" BYTEA NOT NULL,
    "parent_digest" BYTEA,
    "user_agent" TEXT,
    "ip_address" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "idle_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "revoked_because" TEXT,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."one_time_tokens" (
    "digest" BYTEA NOT NULL,
    "user_id" TEXT NOT NULL,
    "purpose" "auth_schema"."token_purpose" NOT NULL,
    "email" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "one_time_tokens_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "auth_schema"."signing_keys" (
    "id" TEXT NOT NULL,
    "public_key" JSONB NOT NULL,
    "private_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "signs_from" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."third_party_integrations" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "auth_schema"."issuer_kind" NOT NULL,
    "issuer" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "jwks_uri" TEXT,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "client_secret" TEXT,
    "previous_client_secret" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "third_party_integrations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."external_identities" (
    "id" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "external_identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."attempt_counters" (
    "key" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "blocked_to" TIMESTAMPTZ(3),

    CONSTRAINT "attempt_counters_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "auth_schema"."mails" (
    "id" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "content" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sent_at" TIMESTAMPTZ(3),
    "failed_at" TIMESTAMPTZ(3),
    "last_error" TEXT,

    CONSTRAINT "mails_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "auth_schema"."outgoing_events" (
    "sequence" BIGSERIAL NOT NULL,
    "user_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "ended_session_ids" TEXT[],
    "tokens_expire_at" TIMESTAMPTZ(3),
    "occurred_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outgoing_events_pkey" PRIMARY KEY ("sequence")
);

-- CreateTable
CREATE TABLE "auth_schema"."audit_events" (
    "id" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "actor_id" TEXT,
    "subject_id" TEXT,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "request_id" TEXT,
    "details" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "users_email_idx" ON "auth_schema"."users"("email" text_pattern_ops);

-- CreateIndex
CREATE INDEX "users_role_id_idx" ON "auth_schema"."users"("role", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "users_is_verified_id_idx" ON "auth_schema"."users"("is_verified", "id") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "users_banned_idx" ON "auth_schema"."users"("id") WHERE ("banned_at" IS NOT NULL);

-- CreateIndex
CREATE INDEX "users_deleted_idx" ON "auth_schema"."users"("id") WHERE ("deleted_at" IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "auth_schema"."users"("email") WHERE ("deleted_at" IS NULL);

-- CreateIndex
CREATE INDEX "sessions_user_id_id_idx" ON "auth_schema"."sessions"("user_id", "id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "auth_schema"."sessions"("expires_at");

-- CreateIndex
CREATE INDEX "sessions_revoked_at_idx" ON "auth_schema"."sessions"("revoked_at") WHERE ("revoked_at" IS NOT NULL);

-- CreateIndex
CREATE INDEX "one_time_tokens_user_id_purpose_idx" ON "auth_schema"."one_time_tokens"("user_id", "purpose");

-- CreateIndex
CREATE INDEX "one_time_tokens_expires_at_idx" ON "auth_schema"."one_time_tokens"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "third_party_integrations_name_key" ON "auth_schema"."third_party_integrations"("name");

-- CreateIndex
CREATE UNIQUE INDEX "third_party_integrations_issuer_audience_key" ON "auth_schema"."third_party_integrations"("issuer", "audience");

-- CreateIndex
CREATE INDEX "external_identities_user_id_idx" ON "auth_schema"."external_identities"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "external_identities_issuer_subject_key" ON "auth_schema"."external_identities"("issuer", "subject");

-- CreateIndex
CREATE INDEX "attempt_counters_expires_at_idx" ON "auth_schema"."attempt_counters"("expires_at");

-- CreateIndex
CREATE INDEX "mails_next_attempt_at_idx" ON "auth_schema"."mails"("next_attempt_at") WHERE ("sent_at" IS NULL AND "failed_at" IS NULL);

-- CreateIndex
CREATE INDEX "mails_created_at_idx" ON "auth_schema"."mails" USING BRIN ("created_at");

-- CreateIndex
CREATE INDEX "outgoing_events_occurred_at_idx" ON "auth_schema"."outgoing_events"("occurred_at");

-- CreateIndex
CREATE INDEX "audit_events_subject_id_id_idx" ON "auth_schema"."audit_events"("subject_id", "id");

-- CreateIndex
CREATE INDEX "audit_events_actor_id_id_idx" ON "auth_schema"."audit_events"("actor_id", "id");

-- CreateIndex
CREATE INDEX "audit_events_action_id_idx" ON "auth_schema"."audit_events"("action", "id");

-- CreateIndex
CREATE INDEX "audit_events_created_at_idx" ON "auth_schema"."audit_events" USING BRIN ("created_at");

-- AddForeignKey
ALTER TABLE "auth_schema"."sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_schema"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_schema"."one_time_tokens" ADD CONSTRAINT "one_time_tokens_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_schema"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "auth_schema"."external_identities" ADD CONSTRAINT "external_identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_schema"."users"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma cannot express: addresses are in lower case, and the administrators' search by the beginning of a name.
ALTER TABLE "auth_schema"."users" ADD CONSTRAINT "users_email_lower_case" CHECK ("email" = lower("email"));

CREATE INDEX "users_first_name_lower_idx" ON "auth_schema"."users"(lower("first_name") text_pattern_ops);

CREATE INDEX "users_last_name_lower_idx" ON "auth_schema"."users"(lower("last_name") text_pattern_ops);
