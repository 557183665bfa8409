import { type DatabaseUrl, parseDatabaseUrl } from './database/url.js';

/** A Prisma schema file: its path and its text. */
export type SchemaFile = [path: string, content: string];

/** Who would answer a question: a person, nobody, or nobody about a draft that is not applied. */
export type Audience = 'terminal' | 'nobody' | 'nobody-but-draft';

export interface EngineOptions {
  /** As Prisma writes it, with `?schema=`. Without a URL only schema files can be compared. */
  url?: string | undefined;
  schemaFiles?: SchemaFile[];
  /** The role that is to own what is made; the one that logs in by default. */
  role?: string;
  audience?: Audience;
  /** What Prisma's own engine prints while it works. */
  print?: (text: string) => void;
}

export interface EngineSettings {
  url: DatabaseUrl | undefined;
  schemaFiles: SchemaFile[];
  /** Where the migration history lives. */
  historySchema: string;
  role: string | undefined;
  audience: Audience;
  print: (text: string) => void;
}

export async function resolveSettings(options: EngineOptions): Promise<EngineSettings> {
  const url = options.url ? parseDatabaseUrl(options.url) : undefined;
  const schemaFiles = options.schemaFiles ?? [];
  return {
    url,
    schemaFiles,
    historySchema: url?.schema ?? (await onlySchemaOf(schemaFiles)) ?? 'public',
    role: options.role,
    audience: options.audience ?? 'nobody',
    print: options.print ?? (() => undefined),
  };
}

async function onlySchemaOf(files: SchemaFile[]): Promise<string | undefined> {
  const schemas = await schemasOf(files);
  return schemas.length === 1 ? schemas[0] : undefined;
}

interface PrismaConfig {
  datasources: { schemas: string[] }[];
  generators: { previewFeatures: string[] }[];
}

/** `schemas = […]` of the datasource. */
export async function schemasOf(files: SchemaFile[]): Promise<string[]> {
  return (await readConfig(files)).datasources[0]?.schemas ?? [];
}

/** Whether a generator asks for preview features, which change what the engine sees in a database. */
export async function hasPreviewFeatures(files: SchemaFile[]): Promise<boolean> {
  return (await readConfig(files)).generators.some(({ previewFeatures }) => previewFeatures.length > 0);
}

/** Nothing where the files have a fault in them: the engine itself reports it. */
async function readConfig(files: SchemaFile[]): Promise<PrismaConfig> {
  const nothing = { datasources: [], generators: [] };
  if (files.length === 0) return nothing;
  const { default: prisma } = await import('@prisma/prisma-schema-wasm');
  try {
    return (
      JSON.parse(prisma.get_config(JSON.stringify({ prismaSchema: files }))) as { config: PrismaConfig }
    ).config;
  } catch {
    return nothing;
  }
}
