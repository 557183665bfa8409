import { basename, join, relative } from 'node:path';
import type { Command } from 'commander';
import type { FillAnswer, MigrationFile } from '../create/index.js';
import type { UserError } from '../errors/index.js';
import type { Service } from '../services/index.js';
import { patiently } from '../terminal/index.js';

interface Flags {
  service: string;
  name?: string;
  rename: string[];
  renames: boolean;
  fill: string[];
  backfill: string[];
  acceptDataLoss?: boolean;
  keepFunctions?: boolean;
  allowRewrite?: string;
  asGenerated?: boolean;
  createOnly?: boolean;
  generate: boolean;
  json?: boolean;
}

const collect = (value: string, all: string[]) => [...all, value];

export function register(program: Command): void {
  program
    .command('create')
    .description("Write, prove and apply the migrations that lead to a service's schema.prisma.")
    .requiredOption('-s, --service <name>', 'the service whose schema was edited')
    .option('-n, --name <name>', 'what the migration does, such as add_phone_number_to_users')
    .option(
      '--rename <table.old=new>',
      'a column, table (old=new) or enum that was renamed (repeatable)',
      collect,
      [],
    )
    .option('--no-renames', 'nothing else was renamed: drop what is gone, with its data')
    .option(
      '--fill <table.column=sql>',
      'the value of existing rows in a required column (repeatable)',
      collect,
      [],
    )
    .option(
      '--backfill <table.column>',
      'write a data migration, for you to fill in, that gives existing rows a value (repeatable)',
      collect,
      [],
    )
    .option('--accept-data-loss', 'drop columns and tables although they hold data, or cut values off')
    .option('--keep-functions', 'leave functions as they are that name what is renamed or dropped')
    .option(
      '--allow-rewrite <reason>',
      'change a type although the table stands still meanwhile; the reason stays in the file',
    )
    .option('--as-generated', "keep Prisma's own SQL in one migration")
    .option('--create-only', 'write the migration without applying it')
    .option('--no-generate', 'do not regenerate the Prisma client')
    .option('--json', 'print the result as JSON')
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { findService } = await import('../services/index.js');
  const { migrationUrl } = await import('../settings/index.js');
  const service = findService(flags.service);
  const url = migrationUrl(service);
  const { alone } = await import('../create/index.js');
  // Also while the migrations are applied: until then the database is not what another run would compare.
  await alone(service, url, () => create(service, url, flags), talk);
}

async function create(service: Service, url: string, flags: Flags): Promise<void> {
  const { createMigrations } = await import('../create/index.js');
  const { reportTo } = await import('../deploy/report.js');
  const created = await createMigrations({
    service,
    url,
    name: flags.name,
    renames: flags.rename,
    noRenames: !flags.renames,
    fills: new Map([...flags.fill.map(splitFill), ...flags.backfill.map(asBackfill)]),
    acceptDataLoss: flags.acceptDataLoss ?? false,
    keepFunctions: flags.keepFunctions ?? false,
    createOnly: flags.createOnly ?? false,
    rewriteReason: flags.allowRewrite,
    asGenerated: flags.asGenerated ?? false,
    asker: process.stdin.isTTY && process.stderr.isTTY ? (await import('../create/ask.js')).asker : undefined,
    onPlanned: talk,
    onEvent: reportTo(talk),
    during,
  });
  const { migrations, granted, backfills } = created;
  if (migrations.length === 0) talk(`The migrations of ${service.name} already make what its schema says.`);
  const runs = [...granted, { service, url, migrations }];
  const waiting = flags.createOnly ? undefined : await apply(runs, flags.generate);
  print(runs, flags);
  if (!flags.json && migrations.length > 0) await tellFindings(runs);
  for (const { path } of backfills) {
    talk(`Say in ${relative('', path)} what a row gets, then:`);
    talk(`  yarn db data run ${basename(path, '.ts')}`);
  }
  if (waiting) talk(`${waiting.message}\nWhen it has run, this command applies the rest.`);
}

const during = <T>(what: string, work: () => Promise<T>) => patiently(what, work, { after: 1_000 });

const talk = (text: string) => console.error(text);

interface Run {
  service: Service;
  url: string;
  migrations: MigrationFile[];
}

async function apply(runs: Run[], generate: boolean): Promise<UserError | undefined> {
  const { applyMigrations, generateClient } = await import('../create/index.js');
  const { reportTo } = await import('../deploy/report.js');
  let waiting: UserError | undefined;
  for (const { service, url, migrations } of runs) {
    waiting ??= await applyMigrations(service, url, migrations, reportTo(talk));
  }
  const own = runs.at(-1);
  if (own && generate) await during('Generating the Prisma client', () => generateClient(own.service));
  return waiting;
}

function print(runs: Run[], { json, createOnly = false }: Flags): void {
  const written = runs.flatMap(({ service, migrations }) =>
    migrations.map(({ name, sql }) => ({ service: service.name, name, sql })),
  );
  if (json) console.log(JSON.stringify({ migrations: written, applied: !createOnly }));
  else
    for (const { service, name } of written)
      console.log(`${service}/prisma/migrations/${name}/migration.sql`);
}

/** What the linter will say of the new files, told while they are at hand. */
async function tellFindings(runs: Run[]): Promise<void> {
  const { lintServices, report } = await import('../lint/index.js');
  const files = runs.flatMap(({ service, migrations }) =>
    migrations.map(({ name }) => join(service.migrationsFolder, name, 'migration.sql')),
  );
  const findings = await lintServices({ services: runs.map(({ service }) => service), files });
  if (findings.length === 0) return;
  talk(`\n${report(findings, 'text')}`);
  talk(
    'An exception is a comment above the statement, also in a file that is applied: -- lint: allow RULE because REASON',
  );
}

function splitFill(text: string): [string, FillAnswer] {
  const at = text.indexOf('=');
  return at < 0 ? [text, { sql: '' }] : [text.slice(0, at), { sql: text.slice(at + 1) }];
}

const asBackfill = (key: string): [string, FillAnswer] => [key, 'data-migration'];
