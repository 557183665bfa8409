import { join } from 'node:path';
import { ownTable } from '../data/own-table.js';
import {
  type Engine,
  type Input,
  type MigrationSource,
  migrationList,
  readMigrations,
  withEngine,
} from '../engine/index.js';
import {
  ownDeclarations,
  type ParsedSchema,
  parseSchema,
  readSchema,
  type StandIns,
  standInsOf,
  tableOf,
} from '../schema/index.js';
import { findServices, type Service } from '../services/index.js';

type Target = Input<'diff'>['from'];
type Filters = Input<'diff'>['filters'];

/** What a migration of one service is made from. */
export interface Workspace {
  service: Service;
  root: string;
  source: string;
  schema: ParsedSchema;
  history: MigrationSource[];
  /** The PostgreSQL schemas of the service and of what it refers to. */
  schemas: string[];
  /** Makes what the schema refers to in other services, before the history is replayed in a scratch database. */
  prelude: string;
  /** The tool's own table, and all that is in the schemas it refers to, so that none of it is taken for something to drop. */
  filters: Filters;
}

export async function openWorkspace(service: Service, source: string): Promise<Workspace> {
  const schema = parseSchema(service.schemaFile, source);
  const root = join(service.folder, '..');
  const standIns = standInsOf(schema, service);
  return {
    service,
    root,
    source,
    schema,
    history: await readMigrations(service.migrationsFolder),
    schemas: [service.schema, ...(standIns?.schemas ?? [])],
    prelude: standIns ? await preludeOf(standIns) : '',
    filters: await filtersFor(service, standIns?.schemas ?? [], root),
  };
}

const datasource = (schemas: string[]) =>
  `datasource db {\n  provider = "postgresql"\n  schemas = [${schemas.map((name) => `"${name}"`).join(', ')}]\n}\n`;

const preludeOf = ({ source }: StandIns): Promise<string> =>
  withEngine({}, (engine) => engine.diff({ empty: true }, { schema: [['stand-ins.prisma', source]] }));

async function filtersFor({ schema }: Service, schemas: string[], root: string): Promise<Filters> {
  const filters: Filters = { externalTables: [ownTable(schema)], externalEnums: [] };
  for (const service of findServices(root).filter(({ schema }) => schemas.includes(schema))) {
    for (const declaration of ownDeclarations(await readSchema(root, service))) {
      const list = declaration.kind === 'enum' ? filters.externalEnums : filters.externalTables;
      list.push(`${service.schema}.${tableOf(declaration)}`);
    }
  }
  return filters;
}

/** The SQL between two states, without what belongs to other services. */
export async function diff(
  engine: Engine,
  { filters }: Workspace,
  from: Target,
  to: Target,
): Promise<string> {
  const { stdout, exitCode } = await engine.call('diff', { from, to, script: true, exitCode: true, filters });
  return exitCode === 0 ? '' : (stdout ?? '');
}

/** The history, with migrations that are not in it yet. */
export const asMigrations = ({ history, prelude }: Workspace, added: MigrationSource[] = []): Target => ({
  tag: 'migrations',
  ...migrationList('', [...history, ...added], prelude),
});

/** Nothing, in every schema that the service's names: the engine looks only where it is told to. */
export const asEmpty = ({ schemas }: Workspace): Target => ({
  tag: 'schemaDatamodel',
  files: [{ path: 'empty.prisma', content: datasource(schemas) }],
});

export const asSchema = ({ service, source }: Workspace): Target => ({
  tag: 'schemaDatamodel',
  files: [{ path: service.schemaFile, content: source }],
});
