import { readFile } from 'node:fs/promises';
import { close, connect } from '../connection/index.js';
import { dataMigrationFile } from '../data/index.js';
import type { Emit } from '../deploy/index.js';
import { type Engine, migrationList, withEngine } from '../engine/index.js';
import type { Draft } from '../rewrite/index.js';
import type { FileChange } from '../schema/index.js';
import type { Service } from '../services/index.js';
import type { Backfill } from './backfills.js';
import { explainFill } from './bad-fill.js';
import { type DraftOptions, draft, prove } from './draft.js';
import { assertUnique } from './duplicates.js';
import { assertFunctionsFollow, type FunctionOptions } from './functions.js';
import { type Grant, linkServices } from './link.js';
import { findLosses } from './losses.js';
import { labelsAfter } from './name.js';
import { assertNeighboursKnown } from './neighbours.js';
import { type Change, findChange, isEmpty } from './plan.js';
import { askName, confirmLosses } from './questions.js';
import { resumeDeploy } from './resume.js';
import type { Query } from './rows.js';
import { readCatalog, showMigrations } from './show.js';
import { timestampsFor } from './timestamps.js';
import { openWorkspace, type Workspace } from './workspace.js';
import { completeInterrupted, filesOf, type MigrationFile, writeAll } from './write.js';

export { applyMigrations } from './apply.js';
export { generateClient } from './client.js';
export { alone } from './lock.js';
export type { Asker, FillAnswer } from './questions.js';
export { fillKey } from './questions.js';
export type { MigrationFile } from './write.js';

export interface CreateOptions extends DraftOptions, FunctionOptions {
  service: Service;
  /** The owner role's URL. */
  url: string;
  name?: string | undefined;
  renames?: string[];
  /** Nothing that is not in `renames` was renamed. */
  noRenames?: boolean;
  acceptDataLoss?: boolean;
  /** Is told, before anything is written, what will be and which locks it takes. */
  onPlanned?: (text: string) => void;
  /** Is told how a deploy goes on that was cut off before. */
  onEvent?: Emit;
  /** Does what may take a while, and says so meanwhile. */
  during?: During;
}

type During = <T>(what: string, work: () => Promise<T>) => Promise<T>;

export interface Created {
  /** Oldest first. */
  migrations: MigrationFile[];
  /** Migrations of other services that have to be applied before. */
  granted: { service: Service; url: string; migrations: MigrationFile[] }[];
  /** Data migrations for the author to fill in. */
  backfills: FileChange[];
}

/** Writes the migrations that lead from a service's history to its schema. */
export async function createMigrations(options: CreateOptions): Promise<Created> {
  const { service, url, during = (_, work) => work() } = options;
  const completed = await completeInterrupted(service);
  if (completed.length > 0)
    options.onPlanned?.(
      `An interrupted run had begun to write these, which is now done:\n  ${completed.join('\n  ')}`,
    );
  await resumeDeploy(service, url, options.onEvent);
  const linked = await linkServices(service, url);
  for (const line of linked.explanation) options.onPlanned?.(line);
  const workspace = await openWorkspace(service, linked.source);
  await assertNeighboursKnown(workspace);
  return withEngine({ url, schemaFiles: [[service.schemaFile, workspace.source]] }, async (engine) => {
    await during('Replaying the migrations in a scratch database', () => assertInStep(engine, workspace));
    const change = await findChange(engine, workspace, {
      renames: options.renames ?? [],
      declineOthers: options.noRenames ?? false,
      ask: options.asker?.rename,
    });
    if (isEmpty(change)) return { migrations: [], granted: [], backfills: [] };
    await assertFunctionsFollow(engine, change, options);
    const { drafts, backfills } = await withQuery(url, async (query) => {
      const losses = await findLosses(query, change);
      await assertUnique(query, change);
      await confirmLosses(losses, options.acceptDataLoss ?? false, options.asker);
      return draft(change, service, options, query);
    });
    const name = await askName(options.name, options.asker);
    const created = {
      ...nameAll(linked.grants, drafts, name, service),
      backfills: backfills.map(fileOf(workspace)),
    };
    options.onPlanned?.(await show(created, change, service));
    await during('Proving it in a scratch database', () =>
      prove(engine, workspace, created.migrations).catch((error: unknown) => {
        throw explainFill(error, drafts, created.migrations);
      }),
    );
    await write(created, workspace);
    return created;
  });
}

async function show(
  { granted, migrations }: Created,
  { before }: Change,
  { schema }: Service,
): Promise<string> {
  const all = [...granted.flatMap((grant) => grant.migrations), ...migrations];
  return showMigrations(all, await readCatalog(before, schema));
}

async function write(
  { granted, migrations, backfills }: Created,
  { service, source }: Workspace,
): Promise<void> {
  const written = await readFile(service.schemaFile, 'utf8');
  await writeAll(service, [
    ...(source === written ? [] : [{ path: service.schemaFile, before: written, after: source }]),
    ...granted.flatMap((grant) => filesOf(grant.service, grant.migrations)),
    ...filesOf(service, migrations),
    ...backfills,
  ]);
}

const fileOf =
  ({ root }: Workspace) =>
  ({ name, text }: Backfill): FileChange => ({ path: dataMigrationFile(root, name), after: text });

/** The database must be what the applied migrations make; anything else is explained, and never reset. */
async function assertInStep(engine: Engine, { history, prelude, filters }: Workspace): Promise<void> {
  const migrationsList = migrationList('prisma/migrations', history, prelude);
  await engine.call('devDiagnostic', { migrationsList, filters });
}

async function withQuery<T>(url: string, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await connect({ url, applicationName: 'db create' });
  try {
    return await work((text, values) => client.query({ text, values, rowMode: 'array' }));
  } finally {
    await close(client);
  }
}

function nameAll(
  grants: Grant[],
  drafts: Draft[],
  name: string,
  service: Service,
): Omit<Created, 'backfills'> {
  const times = timestampsFor(service, grants.length + drafts.length);
  const ofDrafts = drafts.map(({ label }) => label);
  const labels = labelsAfter(name, ofDrafts);
  return {
    granted: grants.map(({ sql, ...grant }, index) => ({
      ...grant,
      migrations: [{ name: `${times[index]}_let_${service.name}_refer_to_${grant.service.name}`, sql }],
    })),
    migrations: drafts.map(({ sql }, index) => ({
      name: [times[grants.length + index], name, labels[index]].filter(Boolean).join('_').slice(0, 250),
      sql,
    })),
  };
}
