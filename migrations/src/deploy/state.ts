import { UserError } from '../errors/index.js';
import {
  type Comparison,
  compareHistory,
  createHistory,
  hasSchema,
  historyTable,
  literal,
  type Migration,
  quote,
  readHistory,
} from '../history/index.js';
import type { Service } from '../services/index.js';
import { HistoryConflict } from './errors.js';
import type { Session } from './session.js';

export interface State extends Comparison {
  /** All that this checkout has. */
  migrations: Migration[];
}

/** Folders against history; refuses when an applied file was edited. */
export async function readState(session: Session, migrations: Migration[]): Promise<State> {
  const { client, service } = session;
  const history = await readHistory(client, service.schema);
  if (!history && !(await hasSchema(client, service.schema))) throw notPrepared(service);
  const comparison = compareHistory(migrations, history ?? []);
  if (comparison.edited.length > 0) throw edited(service.name, comparison.edited);
  const begunElsewhere = comparison.unfinished.filter(({ migration }) => !migration);
  const unknown = [...comparison.unknown, ...begunElsewhere.map(({ row }) => row.migration_name)];
  return { ...comparison, unknown, migrations };
}

const edited = (service: string, migrations: Migration[]): HistoryConflict =>
  new HistoryConflict(
    'EDITED',
    [
      `The ${service} database was migrated with another text than these files have now:`,
      ...migrations.map(({ file }) => `  ${file}`),
    ].join('\n'),
    {
      hint: 'Restore them from version control and put the change into a new migration; an applied file never runs again.',
    },
  );

/** Makes sure that there is a history to write to and that an empty history means an empty schema. */
export async function prepareHistory(session: Session): Promise<void> {
  const { client, service } = session;
  await ensureHistory(session);
  const { rows } = await client.query<{ relation: string }>(
    `SELECT relname AS relation FROM pg_class
      WHERE relnamespace = to_regnamespace(${literal(quote(service.schema))})
        AND relkind IN ('r', 'p', 'v', 'm') AND left(relname, 1) <> '_'
        AND NOT EXISTS (SELECT FROM ${historyTable(service.schema)}) LIMIT 1`,
  );
  if (rows[0]) throw notEmpty(service, rows[0].relation);
}

export async function ensureHistory({ client, service }: Session): Promise<void> {
  const { schema } = service;
  const { rows } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass(${literal(historyTable(schema))}) IS NOT NULL AS exists`,
  );
  if (!rows[0]?.exists) await createTable(client, service);
}

/**
 * Default privileges would let the runtime role write its own history. All goes as one message, which is one
 * transaction, so that a kill never leaves the table with them.
 */
async function createTable(client: Session['client'], { schema, appRole }: Service): Promise<void> {
  const { rows } = await client.query(`SELECT 1 WHERE to_regrole(${literal(quote(appRole))}) IS NOT NULL`);
  const table = historyTable(schema);
  const limits = `REVOKE ALL ON ${table} FROM ${quote(appRole)}; GRANT SELECT ON ${table} TO ${quote(appRole)}`;
  await client.query(`${createHistory(schema)}; ${rows.length > 0 ? limits : ''}`);
}

const notPrepared = ({ schema }: Service): UserError =>
  new UserError('NO_SUCH_SCHEMA', `The database has no schema ${schema}.`, {
    hint: 'Run migrations/migrate-multi-schema.sh with ADMIN_DATABASE_URL set: it makes schemas and roles.',
  });

const notEmpty = ({ name, schema }: Service, relation: string): HistoryConflict =>
  new HistoryConflict(
    'NOT_EMPTY',
    `${schema} already has tables (${relation}, for one), but no migration of ${name} is recorded as applied.`,
    {
      hint: `If they came from these migrations: yarn db baseline --service ${name}. It records them as applied and touches nothing else.`,
    },
  );
