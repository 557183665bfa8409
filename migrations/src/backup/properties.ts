import type pg from 'pg';
import { literal, quote } from '../history/index.js';

// What belongs to a database itself is part of no dump of it.

/** The clauses with which a new database sorts and encodes text as the connected one does. */
export async function localeOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ encoding: string; database: Record<string, string | null> }>(
    `SELECT pg_encoding_to_char(encoding) AS encoding, to_jsonb(d) AS database
       FROM pg_database d WHERE datname = current_database()`,
  );
  const { encoding = 'UTF8', database = {} } = rows[0] ?? {};
  const provider = database.datlocprovider ?? 'c';
  // The column has another name before PostgreSQL 17.
  const locale = database.datlocale ?? database.daticulocale;
  return [
    `ENCODING ${literal(encoding)}`,
    `LC_COLLATE ${literal(database.datcollate ?? 'C')} LC_CTYPE ${literal(database.datctype ?? 'C')}`,
    `LOCALE_PROVIDER ${providers.get(provider)}`,
    ...(locale ? [`${provider === 'b' ? 'BUILTIN_LOCALE' : 'ICU_LOCALE'} ${literal(locale)}`] : []),
    ...(database.daticurules ? [`ICU_RULES ${literal(database.daticurules)}`] : []),
  ].join(' ');
}

const providers = new Map([
  ['b', 'builtin'],
  ['c', 'libc'],
  ['i', 'icu'],
]);

/** Gives a database the owner, rights, settings, limit of connections and comment of another. */
export async function copyProperties(client: pg.Client, from: string, to: string): Promise<void> {
  const statements = [
    ...(await ownerAndLimit(client, from, to)),
    ...(await rights(client, from, to)),
    ...(await settings(client, from, to)),
  ];
  await client.query(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
}

async function ownerAndLimit(client: pg.Client, from: string, to: string): Promise<string[]> {
  const { rows } = await client.query<{ owner: string; connections: number; comment: string | null }>(
    `SELECT pg_get_userbyid(datdba) AS owner, datconnlimit AS connections,
            shobj_description(oid, 'pg_database') AS comment
       FROM pg_database WHERE datname = $1`,
    [from],
  );
  return rows.flatMap(({ owner, connections, comment }) => [
    `ALTER DATABASE ${quote(to)} OWNER TO ${quote(owner)}`,
    `ALTER DATABASE ${quote(to)} CONNECTION LIMIT ${connections}`,
    `COMMENT ON DATABASE ${quote(to)} IS ${comment === null ? 'NULL' : literal(comment)}`,
  ]);
}

interface Right {
  grantee: string;
  privilege: string;
  isGrantable: boolean;
}

async function rights(client: pg.Client, from: string, to: string): Promise<string[]> {
  const { rows: own } = await client.query<Right>(rightsOf, [to]);
  const { rows: wanted } = await client.query<Right>(rightsOf, [from]);
  return [
    ...Array.from(
      new Set(own.map(({ grantee }) => grantee)),
      (grantee) => `REVOKE ALL ON DATABASE ${quote(to)} FROM ${grantee}`,
    ),
    ...wanted.map(
      ({ grantee, privilege, isGrantable }) =>
        `GRANT ${privilege} ON DATABASE ${quote(to)} TO ${grantee}${isGrantable ? ' WITH GRANT OPTION' : ''}`,
    ),
  ];
}

const rightsOf = `
  SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS grantee,
         privilege_type AS privilege, is_grantable AS "isGrantable"
    FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
   WHERE datname = $1`;

async function settings(client: pg.Client, from: string, to: string): Promise<string[]> {
  const { rows } = await client.query<{ role: string | null; name: string; value: string }>(
    `SELECT pg_get_userbyid(nullif(setrole, 0)) AS role, split_part(setting, '=', 1) AS name,
            substr(setting, strpos(setting, '=') + 1) AS value
       FROM pg_db_role_setting, unnest(setconfig) AS setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = $1)`,
    [from],
  );
  return rows.flatMap(({ role, name, value }) => {
    const of = role === null ? `DATABASE ${quote(to)}` : `ROLE ${quote(role)} IN DATABASE ${quote(to)}`;
    // A list is quoted by its parts, which only the server tells apart.
    if (lists.has(name))
      return [
        `SELECT set_config(${literal(name)}, ${literal(value)}, true)`,
        `ALTER ${of} SET ${name} FROM CURRENT`,
      ];
    return [`ALTER ${of} SET ${quoteParts(name)} TO ${literal(value)}`];
  });
}

const lists = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'temp_tablespaces',
]);

/** Settings of extensions have names in two parts. */
const quoteParts = (name: string): string => name.split('.').map(quote).join('.');
