import type { Service } from '../services/index.js';
import { isOwn, schemaOf } from './names.js';
import { type Declaration, fields, type ParsedSchema } from './parse.js';

/** What a service's schema only refers to: the PostgreSQL schemas of others, and a schema that declares no more. */
export interface StandIns {
  schemas: string[];
  source: string;
}

export function standInsOf(schema: ParsedSchema, service: Service): StandIns | undefined {
  const foreign = schema.declarations.filter((each) => !isOwn({ ...schema, service }, each));
  if (foreign.length === 0) return undefined;
  const schemas = [...new Set(foreign.map(schemaOf))].filter((name) => name !== undefined);
  const models = new Set(schema.declarations.filter(({ kind }) => kind === 'model').map(({ name }) => name));
  return {
    schemas,
    source: [
      `datasource db {\n  provider = "postgresql"\n  schemas = [${schemas.map((name) => JSON.stringify(name)).join(', ')}]\n}`,
      ...foreign.map((each) => withoutRelations(schema, each, models)),
    ].join('\n\n'),
  };
}

function withoutRelations({ text }: ParsedSchema, declaration: Declaration, models: Set<string>): string {
  const starts = fields(declaration)
    .filter(({ fieldType }) => typeof fieldType === 'string' && models.has(fieldType))
    .map((field) => field.location?.startOffset ?? 0);
  const lines = text.slice(declaration.start, declaration.end).split('\n');
  let at = declaration.start;
  const kept = lines.filter((line) => {
    const from = at;
    at += line.length + 1;
    return !starts.some((start) => start >= from && start < at);
  });
  return kept.join('\n').trim();
}
