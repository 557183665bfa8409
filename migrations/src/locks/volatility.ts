import type { Node } from 'libpg-query';
import { nameOfParts, walk } from '../sql/index.js';
import type { Catalog } from './catalog.js';

/**
 * Functions of PostgreSQL that people use in defaults and checks and that are not volatile; a test asks the server.
 * Every other function counts as volatile, as PostgreSQL itself takes one that does not declare better.
 */
export const steadyFunctions = new Set(
  `abs array_append array_cat array_length btrim cardinality ceil char_length concat concat_ws convert_from
   current_setting date date_part date_trunc decode encode extract floor format interval json_build_array
   json_build_object jsonb_array_length jsonb_build_array jsonb_build_object jsonb_typeof left length lower
   lpad ltrim make_date make_interval make_timestamptz md5 mod now num_nonnulls num_nulls octet_length power
   regexp_replace repeat replace reverse right round rpad rtrim setweight sha256 similar_to_escape sign split_part
   statement_timestamp starts_with strpos substr substring text timezone to_char to_json to_jsonb to_number to_timestamp
   to_tsvector transaction_timestamp translate trunc upper`.split(/\s+/),
);

/** The first volatile function an expression calls; PostgreSQL would call it for every row. */
export function volatileFunction(expression: Node | undefined, catalog: Catalog): string | undefined {
  let found: string | undefined;
  walk(expression, (kind, fields) => {
    if (kind !== 'FuncCall' || found) return;
    const { schema, name } = nameOfParts(fields.funcname as Node[]);
    const builtIn = (!schema || schema === 'pg_catalog') && steadyFunctions.has(name);
    if (!builtIn && !catalog.steadyFunctions.has(catalog.key({ schema, name }))) found = name;
  });
  return found;
}

/** Functions whose answer depends on when or for whom they run: a check on one holds only when the row was written. */
export function unsteadyFunction(expression: Node | undefined, catalog: Catalog): string | undefined {
  let found: string | undefined;
  walk(expression, (kind, fields) => {
    if (kind === 'SQLValueFunction')
      found ??= String(fields.op)
        .replace(/^SVFOP_|_N$/g, '')
        .toLowerCase();
    if (kind !== 'FuncCall') return;
    const { name } = nameOfParts(fields.funcname as Node[]);
    if (clocks.has(name)) found ??= name;
  });
  return found ?? volatileFunction(expression, catalog);
}

const clocks = new Set(['now', 'statement_timestamp', 'transaction_timestamp', 'current_setting']);
