/**
 * Every object of the schema $1 that Prisma does not compare, in the order in which they can be made; under `state`
 * whether an index is valid and a constraint validated. What an extension brought, and what a partition has from its
 * parent, no history makes, nor the tables that keep the histories.
 */
export const objectsQuery = `
WITH relations AS (
  SELECT c.oid, c.oid::regclass::text AS path, c.relkind, c.reloptions, c.relrowsecurity, c.relforcerowsecurity,
    format('\`%s\` %s', c.relname, CASE WHEN c.relkind IN ('v', 'm') THEN 'view' ELSE 'table' END) AS owner
  FROM pg_class c
  WHERE c.relnamespace = to_regnamespace(quote_ident($1))
    AND c.relname NOT IN ('_prisma_migrations', '_data_migrations')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
),
routines AS (
  SELECT p.oid, format('%s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS name,
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
    CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS text
  FROM pg_proc p
  WHERE p.pronamespace = to_regnamespace(quote_ident($1))
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
),
views AS (
  SELECT oid, path, CASE relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END AS kind,
    coalesce(' WITH (' || array_to_string(reloptions, ', ') || ')', '') AS options, pg_get_viewdef(oid) AS query
  FROM relations WHERE relkind IN ('v', 'm')
),
constraints AS (
  SELECT k.oid, k.contype, k.conname AS name, k.convalidated, pg_get_constraintdef(k.oid) AS text,
    coalesce(r.owner, format('\`%s\` domain', t.typname)) AS owner,
    CASE WHEN r.oid IS NULL THEN 'ALTER DOMAIN ' || t.oid::regtype ELSE 'ALTER TABLE ' || r.path END AS alter
  FROM pg_constraint k LEFT JOIN relations r ON r.oid = k.conrelid LEFT JOIN pg_type t ON t.oid = k.contypid
  WHERE k.connamespace = to_regnamespace(quote_ident($1)) AND coalesce(r.oid, t.oid) IS NOT NULL
    AND k.contype IN ('c', 'f', 'x') AND k.conislocal AND k.conparentid = 0
),
indexes AS (
  SELECT c.oid, c.oid::regclass::text AS path, c.relname AS name, r.owner, i.indexprs, i.indisvalid,
    EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid) AS of_constraint
  FROM pg_index i JOIN relations r ON r.oid = i.indrelid JOIN pg_class c ON c.oid = i.indexrelid
  WHERE NOT c.relispartition
),
triggers AS (
  SELECT t.oid, t.tgname AS name, r.owner, r.path, concat_ws(E';\\n', pg_get_triggerdef(t.oid),
    CASE WHEN t.tgenabled <> 'O' THEN format('ALTER TABLE %s %s TRIGGER %I', r.path,
      CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END, t.tgname) END) AS text
  FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND t.tgparentid = 0
),
policies AS (
  SELECT p.oid, p.polname AS name, r.owner, r.path, concat_ws(' ',
    format('CREATE POLICY %I ON %s', p.polname, r.path),
    CASE WHEN NOT p.polpermissive THEN 'AS RESTRICTIVE' END,
    'FOR ' || CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'TO ' || (SELECT string_agg(name, ', ' ORDER BY name)
              FROM unnest(p.polroles) role, LATERAL (SELECT CASE role WHEN 0 THEN 'PUBLIC' ELSE role::regrole::text END) named (name)),
    'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')') AS text
  FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
)
SELECT kind, owner, name, definition, make, unmake FROM (
  SELECT 1 AS place, oid, kind, '' AS owner, name, coalesce(text, name) AS definition, text AS make,
    format('DROP %s %s', upper(kind), oid::regprocedure) AS unmake
  FROM routines
UNION ALL
  SELECT 2, oid, kind, '', path, options || query, format('CREATE %s %s%s AS %s', upper(kind), path, options, rtrim(query, ';')),
    format('DROP %s %s', upper(kind), path)
  FROM views
UNION ALL
  SELECT 3, oid, CASE contype WHEN 'x' THEN 'exclusion constraint' ELSE 'check constraint' END, owner, name,
    CASE WHEN convalidated THEN text ELSE left(text, -length(' NOT VALID')) END,
    format('%s ADD CONSTRAINT %I %s', alter, name, text), format('%s DROP CONSTRAINT %I', alter, name)
  FROM constraints WHERE contype <> 'f'
UNION ALL
  SELECT 4, oid, 'index', owner, name, pg_get_indexdef(oid), pg_get_indexdef(oid), format('DROP INDEX %s', path)
  FROM indexes WHERE indexprs IS NOT NULL AND NOT of_constraint
UNION ALL
  SELECT 5, oid, 'trigger', owner, name, text, text, format('DROP TRIGGER %I ON %s', name, path) FROM triggers
UNION ALL
  SELECT 6, oid, 'policy', owner, name, text, text, format('DROP POLICY %I ON %s', name, path) FROM policies
UNION ALL
  SELECT 7, oid, kind, owner, '', '', format('ALTER TABLE %s %s ROW LEVEL SECURITY', path, set),
    format('ALTER TABLE %s %s ROW LEVEL SECURITY', path, reset)
  FROM relations, LATERAL (VALUES
    ('row level security', 'ENABLE', 'DISABLE', relrowsecurity),
    ('row level security for the owner', 'FORCE', 'NO FORCE', relforcerowsecurity)) flags (kind, set, reset, is_set)
  WHERE is_set
UNION ALL
  SELECT 8, oid, 'state', owner, name, convalidated::text, format('%s VALIDATE CONSTRAINT %I', alter, name), NULL
  FROM constraints WHERE contype <> 'x'
UNION ALL
  SELECT 9, oid, 'state', owner, name, indisvalid::text, format('REINDEX INDEX %s', path), NULL FROM indexes
) objects
ORDER BY place, oid`;
