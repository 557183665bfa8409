import { readFile } from 'node:fs/promises';
import { readDropped } from '../create/losses.js';
import { openWorkspace } from '../create/workspace.js';
import { type Engine, type Input, withEngine } from '../engine/index.js';
import { quote, quoted } from '../renames/index.js';
import type { Service } from '../services/index.js';

export interface Verification {
  service: string;
  equal: boolean;
  /** The objects that differ, as Prisma lists them; empty when equal. */
  differences: string;
  /** What would make the database equal to the schema, under a warning where that loses data; empty when equal. */
  fixSql: string;
}

/** Compares what the database has with what the service's `schema.prisma` says. Reads only. */
export async function verifyService(service: Service, url: string): Promise<Verification> {
  const source = await readFile(service.schemaFile, 'utf8');
  const files = [{ path: service.schemaFile, content: source }];
  const { filters } = await openWorkspace(service, source);
  return withEngine(
    { url, schemaFiles: files.map(({ path, content }) => [path, content]) },
    async (engine) => {
      const compare = (script: boolean) => diff(engine, service, { files, filters, script });
      const fixSql = await compare(true);
      const differences = fixSql && (await compare(false));
      return {
        service: service.name,
        equal: fixSql === '',
        differences: differences.trim(),
        fixSql: (await warningOf(fixSql)) + fixSql,
      };
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
