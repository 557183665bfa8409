import { Catalog, replay } from '../locks/index.js';
import { readScript, type Script, type Statement } from '../sql/index.js';
import { examine, type Shared } from './examine.js';
import type { Finding } from './finding.js';
import type {
  Applied,
  Declared,
  MigrationSource,
  Problem,
  Rule,
  ServiceNames,
  SquawkFinding,
  StatementContext,
} from './rule.js';
import { rules } from './rules/index.js';
import { runSquawk } from './squawk.js';
import { isAllowed, readSuppressions, reportSuppressions } from './suppressions.js';

export interface LintOptions {
  /** A service's whole history, in the order in which it applies; or scripts that belong to none. */
  migrations: MigrationSource[];
  /** The files to report on; all of them when not given. The others only say what exists. */
  only?: Set<string> | undefined;
  service?: Omit<ServiceNames, 'declared'> | undefined;
  /** Reads schema.prisma. Called only when a migration drops or adds what it may declare, because it takes a while. */
  declared?: (() => Promise<Declared>) | undefined;
  applied?: Applied | undefined;
}

interface Parsed {
  migration: MigrationSource;
  script: Script;
}

/** What the rules say of migrations, in the order of the files and of their statements. */
export async function lint({
  migrations,
  only,
  declared,
  applied,
  ...options
}: LintOptions): Promise<Finding[]> {
  const isReported = ({ file }: MigrationSource) => !only || only.has(file);
  const [parsed, foundBySquawk] = await Promise.all([
    parseAll(migrations),
    runSquawk(migrations.filter(isReported).map(({ file }) => file)),
  ]);
  const isAsked = parsed.some(
    ({ migration, script }) => isReported(migration) && script.statements.some(asksSchema),
  );
  const service = options.service && {
    ...options.service,
    declared: isAsked ? await declared?.() : undefined,
  };
  const schema = service?.schema ?? 'public';
  const catalog = new Catalog(schema);
  const shared = { service, applied, catalog, final: replayAll(parsed, schema) };
  return parsed.flatMap((each) => {
    catalog.beginMigration();
    if (isReported(each.migration))
      return lintMigration({ ...shared, ...each }, foundBySquawk.get(each.migration.file) ?? []);
    for (const { node } of each.script.statements) replay(node, catalog);
    return [];
  });
}

async function parseAll(migrations: MigrationSource[]): Promise<Parsed[]> {
  const parsed: Parsed[] = [];
  for (const migration of migrations) parsed.push({ migration, script: await readScript(migration.sql) });
  return parsed;
}

const asksSchema = ({ node }: Statement) =>
  ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE') ||
  'AlterEnumStmt' in node ||
  ('AlterTableStmt' in node &&
    node.AlterTableStmt.cmds?.some(
      (it) => 'AlterTableCmd' in it && it.AlterTableCmd.subtype === 'AT_DropColumn',
    ));

function replayAll(parsed: Parsed[], schema: string): Catalog {
  const catalog = new Catalog(schema);
  for (const { script } of parsed) for (const { node } of script.statements) replay(node, catalog);
  return catalog;
}

const known = new Set(rules.map(({ id }) => id));
const rulesOfMigrations = rules.filter(({ checkMigration }) => checkMigration);
const rulesOfStatements = rules.filter(({ check }) => check);

function lintMigration(shared: Shared, squawk: SquawkFinding[]): Finding[] {
  const { migration, script } = shared;
  const suppressions = readSuppressions(script, known);
  const findings: Finding[] = [];
  for (const { rule, problem, statement, index } of problemsOf(shared, squawk))
    if (!isAllowed(suppressions, rule.id, index))
      findings.push(describe(rule, problem, migration, statement));
  return [...findings, ...reportSuppressions(suppressions, migration.file, migration.sql)].sort(
    (a, b) => a.line - b.line || a.column - b.column,
  );
}

interface Found {
  rule: Rule;
  problem: Problem;
  statement?: Statement;
  index?: number;
}

function* problemsOf(shared: Shared, squawk: SquawkFinding[]): Generator<Found> {
  for (const rule of rulesOfMigrations)
    for (const problem of rule.checkMigration?.(shared) ?? []) yield { rule, problem };
  for (const [index, context] of examine(shared, squawk)) {
    const { statement, node } = context;
    for (const rule of rulesOfStatements)
      for (const problem of rule.check?.(withSquawk(context, rule)) ?? [])
        yield { rule, problem, statement, index };
    replay(node, shared.catalog);
  }
}

/** Each rule sees what squawk said under the names it asked for. */
const withSquawk = (context: StatementContext, { squawk = [] }: Rule): StatementContext =>
  context.squawk.length === 0
    ? context
    : { ...context, squawk: context.squawk.filter(({ rule }) => squawk.includes(rule)) };

function describe(
  { id, level }: Rule,
  { message, help, at }: Problem,
  { file }: MigrationSource,
  statement?: Statement,
): Finding {
  const { line, column } = at ?? statement ?? { line: 1, column: 1 };
  return { rule: id, level, message, help, file, line, column, statement: statement?.text ?? '' };
}
