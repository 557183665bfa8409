import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Service } from '../services/index.js';
import type { Declared } from './rule.js';

/** The tables and enums that a service's schema.prisma declares, under their names in the database. */
export async function readDeclared({ schema, schemaFile }: Service): Promise<Declared> {
  const source = await readFile(schemaFile, 'utf8');
  const { parseSchema } = await import('../schema/parse.js');
  const { readMapping } = await import('../renames/mapping.js');
  const declared: Declared = { tables: new Map(), enums: new Map() };
  const parsed = parseSchema(relative(process.cwd(), schemaFile), source);
  for (const { kind, target, members } of readMapping(parsed, schema)) {
    const key = `${target.schema}.${target.name}`;
    if (kind === 'model') declared.tables.set(key, new Set(members.values()));
    else declared.enums.set(key, [...members.values()]);
  }
  return declared;
}
