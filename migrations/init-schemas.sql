-- What has to exist before any service migrates: per service a schema, an owner role for migrations and a runtime
-- role, and one view over every service's history. Safe to run again and by many at once. No passwords in here.
--   psql -v ON_ERROR_STOP=1 -f init-schemas.sql "$ADMIN_DATABASE_URL"
BEGIN;

SET LOCAL client_min_messages = warning;
SELECT pg_advisory_xact_lock(hashtext('init-schemas'));

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- Roles belong to the whole server, so another database may be creating the same one at this moment.
CREATE OR REPLACE PROCEDURE pg_temp.ensure_role(role_name text) LANGUAGE plpgsql AS $$
BEGIN
  IF to_regrole(quote_ident(role_name)) IS NULL THEN
    EXECUTE format('CREATE ROLE %I LOGIN', role_name);
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$;

CREATE OR REPLACE PROCEDURE pg_temp.ensure_service(service text) LANGUAGE plpgsql AS $$
DECLARE
  schema_name text := service || '_schema';
  owner_role text := service || '_owner';
  app_role text := service || '_app';
BEGIN
  CALL pg_temp.ensure_role(owner_role);
  CALL pg_temp.ensure_role(app_role);

  -- An administrator who is no superuser may act for a role only as its member.
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
    EXECUTE format('GRANT %I TO CURRENT_USER', owner_role);
  END IF;

  -- Prisma's migrations say CREATE SCHEMA IF NOT EXISTS, which needs this even when the schema exists.
  EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), owner_role);

  IF to_regnamespace(quote_ident(schema_name)) IS NULL THEN
    EXECUTE format('CREATE SCHEMA %I AUTHORIZATION %I', schema_name, owner_role);
    CALL pg_temp.create_history(schema_name, owner_role);
  END IF;

  EXECUTE format('ALTER SCHEMA %I OWNER TO %I', schema_name, owner_role);
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema_name, app_role);
  EXECUTE format('GRANT EXECUTE ON FUNCTION public.blocking_sessions(integer) TO %I', owner_role);
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I
                    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', owner_role, schema_name, app_role);
  EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %I
                    GRANT USAGE ON SEQUENCES TO %I', owner_role, schema_name, app_role);

  -- The runtime role reads its history to know whether it is ready; only migrations write it.
  IF to_regclass(format('%I._prisma_migrations', schema_name)) IS NOT NULL THEN
    EXECUTE format('REVOKE ALL ON %I._prisma_migrations FROM %I', schema_name, app_role);
    EXECUTE format('GRANT SELECT ON %I._prisma_migrations TO %I', schema_name, app_role);
  END IF;
END $$;

-- The table exactly as Prisma makes it. Made here, because a table Prisma makes would be writable by the runtime role.
CREATE OR REPLACE PROCEDURE pg_temp.create_history(schema_name text, owner_role text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE %I._prisma_migrations (
    id                  varchar(36) PRIMARY KEY NOT NULL,
    checksum            varchar(64) NOT NULL,
    finished_at         timestamptz,
    migration_name      varchar(255) NOT NULL,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )', schema_name);
  EXECUTE format('ALTER TABLE %I._prisma_migrations OWNER TO %I', schema_name, owner_role);
END $$;

-- Every service's history the caller may read. A table counts only with exactly Prisma's columns, so that a stray one
-- of that name cannot break the view, nor run code of its owner through a type of its own.
CREATE OR REPLACE FUNCTION public.service_histories()
RETURNS TABLE (
  id varchar(36), checksum varchar(64), finished_at timestamptz, migration_name varchar(255), logs text,
  rolled_back_at timestamptz, started_at timestamptz, applied_steps_count integer, service text
) LANGUAGE plpgsql STABLE SET search_path = pg_catalog AS $$
DECLARE
  history record;
BEGIN
  FOR history IN
    SELECT n.nspname
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN (VALUES
      ('id', 'character varying(36)'), ('checksum', 'character varying(64)'),
      ('finished_at', 'timestamp with time zone'), ('migration_name', 'character varying(255)'), ('logs', 'text'),
      ('rolled_back_at', 'timestamp with time zone'), ('started_at', 'timestamp with time zone'),
      ('applied_steps_count', 'integer')
    ) AS expected (name, type) ON expected.name = a.attname AND expected.type = format_type(a.atttypid, a.atttypmod)
    WHERE c.relname = '_prisma_migrations' AND c.relkind = 'r' AND n.nspname <> 'public'
      AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
    GROUP BY n.nspname HAVING count(*) = 8
    ORDER BY n.nspname
  LOOP
    RETURN QUERY EXECUTE format(
      'SELECT id, checksum, finished_at, migration_name, logs, rolled_back_at, started_at, applied_steps_count, %L::text
         FROM %I._prisma_migrations', regexp_replace(history.nspname, '_schema$', ''), history.nspname);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION public.service_histories() FROM PUBLIC;

CREATE OR REPLACE VIEW public._prisma_migrations AS SELECT * FROM public.service_histories();

-- Who keeps a session of the asking role waiting: a deploy names them. PostgreSQL hides the sessions of other roles
-- from all but superusers and monitors; this shows those that stand in the asker's way, and no others.
CREATE OR REPLACE FUNCTION public.blocking_sessions(waiting integer)
RETURNS TABLE (
  pid integer, "user" text, application text, client inet, since timestamptz, state text, query text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT b.pid, b.usename, b.application_name, b.client_addr, b.xact_start, b.state, left(b.query, 200)
  FROM pg_stat_activity w JOIN pg_stat_activity b ON b.pid = ANY (pg_blocking_pids(w.pid))
  WHERE w.pid = waiting AND w.usename = session_user
  ORDER BY b.xact_start
$$;
REVOKE ALL ON FUNCTION public.blocking_sessions(integer) FROM PUBLIC;

-- One line per service.
CALL pg_temp.ensure_service('auth');
CALL pg_temp.ensure_service('post');

COMMIT;
