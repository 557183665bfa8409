import { readFile } from 'node:fs/promises';
import { readDropped } from '../create/losses.js';
import { openWorkspace, type Workspace } from '../create/workspace.js';
import { type Engine, type Input, withEngine } from '../engine/index.js';
import { quote, quoted } from '../renames/index.js';
import type { Service } from '../services/index.js';
import { describe, scriptOf } from './compare.js';
import { compareWithHistory } from './history.js';

export interface Verification {
  service: string;
  equal: boolean;
  /** The objects that differ, as Prisma lists them; empty when equal. */
  differences: string;
  /** What would make the database equal to the schema, under a warning where that loses data; empty when equal. */
  fixSql: string;
  /** Why only what Prisma knows was compared; undefined where all was. */
  notCompared?: string | undefined;
}

/**
 * Compares what the database has with what the service's `schema.prisma` says, and what that cannot say with what the
 * migrations make in a scratch database. Only reads in the database itself.
 */
export async function verifyService(service: Service, url: string): Promise<Verification> {
  const source = await readFile(service.schemaFile, 'utf8');
  const workspace = await openWorkspace(service, source);
  const [tables, { differences, reason }] = await Promise.all([
    compareTables(workspace, url),
    compareWithHistory(workspace, url),
  ]);
  const fixSql = [
    scriptOf(differences.map(({ before }) => before)),
    tables.sql,
    scriptOf(differences.map(({ after }) => after)),
  ].join('');
  return {
    service: service.name,
    equal: fixSql === '',
    differences: [tables.differences, describe(differences)].filter((each) => each !== '').join('\n\n'),
    fixSql: (await warningOf(tables.sql)) + fixSql,
    ...(reason && { notCompared: reason }),
  };
}

/** As Prisma sees them. */
function compareTables({ service, source, filters }: Workspace, url: string) {
  const files = [{ path: service.schemaFile, content: source }];
  return withEngine(
    { url, schemaFiles: files.map(({ path, content }) => [path, content]) },
    async (engine) => {
      const compare = (script: boolean) => diff(engine, service, { files, filters, script });
      const sql = await compare(true);
      return { sql, differences: (sql && (await compare(false))).trim() };
    },
  );
}

async function warningOf(sql: string): Promise<string> {
  const dropped = await readDropped(sql);
  if (dropped.length === 0) return '';
  const lines = [
    'WARNING: the data in what this drops would be lost:',
    ...dropped.map(
      ({ of, column }) => `  ${[quoted(of), ...(column === undefined ? [] : [quote(column)])].join('.')}`,
    ),
  ];
  return `${lines.map((line) => `-- ${line.replaceAll('\n', ' ')}`).join('\n')}\n`;
}

async function diff(
  engine: Engine,
  { folder }: Service,
  {
    files,
    ...rest
  }: { files: { path: string; content: string }[] } & Pick<Input<'diff'>, 'filters' | 'script'>,
): Promise<string> {
  const input: Input<'diff'> = {
    from: { tag: 'schemaDatasource', files, configDir: folder },
    to: { tag: 'schemaDatamodel', files },
    exitCode: true,
    ...rest,
  };
  const { exitCode, stdout } = await engine.call('diff', input);
  return exitCode === 0 ? '' : (stdout ?? '');
}
