import type { Engine } from '../engine/index.js';
import { UserError } from '../errors/index.js';
import { quote, type Rename } from '../renames/index.js';
import { type ColumnToFill, columnsToFill, type Draft, rewrite } from '../rewrite/index.js';
import type { Service } from '../services/index.js';
import { readStatements } from '../sql/index.js';
import { type Backfill, backfillsFor } from './backfills.js';
import type { Change } from './plan.js';
import { type Asker, askFills, type FillAnswer, type Unfilled } from './questions.js';
import { countRows, nowCalled, type Query } from './rows.js';
import { readCatalog } from './show.js';
import { asMigrations, asSchema, diff, type Workspace } from './workspace.js';
import type { MigrationFile } from './write.js';

export interface DraftOptions {
  /** What existing rows get, by `table.column`. */
  fills?: Map<string, FillAnswer>;
  asker?: Asker | undefined;
  /** Why a table may be written anew while nobody can use it. */
  rewriteReason?: string | undefined;
  /** Keep Prisma's own SQL. */
  asGenerated?: boolean;
}

export interface Drafted {
  drafts: Draft[];
  /** Data migrations that they require, for the author to fill in. */
  backfills: Backfill[];
}

/** The SQL of a change, as the migrations that stop nobody. */
export async function draft(
  { renames, renameSql, sql, before, after }: Change,
  service: Service,
  { fills: given = new Map(), asker, rewriteReason, asGenerated = false }: DraftOptions = {},
  query?: Query,
): Promise<Drafted> {
  const whole = [...renameSql, sql].join('\n');
  if (asGenerated) return { drafts: [{ label: '', sql: whole }], backfills: [] };
  const columns = await columnsToFill(sql);
  const fills = await askFills(await countEmpty(columns, renames, query), given, asker);
  const catalog = await readCatalog(before, service.schema);
  const { enums: declared } = await readCatalog(after, service.schema);
  const drafts = await rewrite(whole, { before: catalog, declared, fills, rewriteReason });
  return { drafts, backfills: backfillsFor(columns, fills, service, catalog) };
}

/** A new column is not there to be counted in; without a database nothing is. */
async function countEmpty(
  columns: ColumnToFill[],
  renames: Rename[],
  query: Query | undefined,
): Promise<Unfilled[]> {
  const counted: Unfilled[] = [];
  for (const column of columns) {
    const place = nowCalled(column, renames);
    const isEmpty = `${quote(place.column ?? '')} IS NULL`;
    const rows = column.isNew || !query ? 0 : await countRows(query, place, isEmpty);
    counted.push({ ...column, rows });
  }
  return counted;
}

/** Replays everything in a scratch database: what results must be exactly what the schema says. */
export async function prove(
  engine: Engine,
  workspace: Workspace,
  migrations: MigrationFile[],
): Promise<void> {
  const replayed = asMigrations(workspace, migrations);
  const difference = await diff(engine, workspace, replayed, asSchema(workspace));
  if (difference.trim() === '') return;
  throw new UserError(
    'NOT_PROVEN',
    `After these migrations the database would still differ from ${workspace.service.schemaFile}:\n${difference}`,
    {
      hint: `Nothing was written. ${(await hasOperatorClass(difference)) ? namedClass : 'Prisma compares the text of defaults: write dbgenerated("…") as PostgreSQL prints it. Otherwise make the change in smaller steps.'}`,
    },
  );
}

const namedClass =
  'Prisma does not know an operator class again that is written as raw("…"): write the name that it has for it, such as ops: JsonbPathOps. One that it has no name for it cannot compare.';

async function hasOperatorClass(sql: string): Promise<boolean> {
  const statements = (await readStatements(sql)) ?? [];
  return statements
    .flatMap(({ node }) => ('IndexStmt' in node ? (node.IndexStmt.indexParams ?? []) : []))
    .some((element) => 'IndexElem' in element && element.IndexElem.opclass !== undefined);
}
