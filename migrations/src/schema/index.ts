import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { findRoot, findServices, type Service } from '../services/index.js';
import { applyChanges, compareFolder, type FileChange } from './files.js';
import { uniteHistories } from './histories.js';
import { mergeSchemas, type ServiceSchema } from './merge.js';
import { parseSchema } from './parse.js';

export type { FileChange } from './files.js';
export { migrationNames } from './histories.js';
export { mergeSchemas, type ServiceSchema } from './merge.js';
export { findReal, isOwn, ownDeclarations, schemaOf, tableOf } from './names.js';
export {
  attributeText,
  type Declaration,
  fields,
  type ParsedSchema,
  parseSchema,
  parseUnchecked,
} from './parse.js';
export { relationList } from './relations.js';
export { type StandIns, standInsOf } from './stand-ins.js';
export { checkSchema, formatSchema } from './validate.js';

/** What differs between the centralized schema and history and the services'; mended, unless only a check is wanted. */
export async function syncSchemas({ root = findRoot(), check = false } = {}): Promise<FileChange[]> {
  const wanted = new Map([['schema.prisma', await mergedSchema(root)]]);
  for (const [path, sql] of uniteHistories(findServices(root))) wanted.set(join('migrations', path), sql);
  const changes = await compareFolder(join(root, 'migrations/prisma'), wanted);
  if (!check) await applyChanges(changes);
  return changes.map((change) => ({ ...change, path: relative(root, change.path) }));
}

/** The schemas of all services as one. */
export async function mergedSchema(root: string): Promise<string> {
  return mergeSchemas(await Promise.all(findServices(root).map((service) => readSchema(root, service))));
}

/** A change as a unified diff. */
export function showDiff({ path, before, after }: FileChange): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const to = after === undefined ? '/dev/null' : `b/${path}`;
  return createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, { context: 3 });
}

export async function readSchema(root: string, service: Service): Promise<ServiceSchema> {
  const source = await readFile(service.schemaFile, 'utf8');
  return { service, ...parseSchema(relative(root, service.schemaFile), source) };
}
