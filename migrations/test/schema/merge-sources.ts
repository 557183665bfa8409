import { mergeSchemas } from '../../src/schema/merge.js';
import { parseSchema } from '../../src/schema/parse.js';
import type { Service } from '../../src/services/index.js';

/** What every schema begins with. */
export const settings = (name: string, more = '') => `
generator client {
  provider = "prisma-client"
  output   = "../src/generated"
  ${more}
}

datasource db {
  provider = "postgresql"
  schemas  = ["auth_schema", "comments_schema", "post_schema"]
}
// ${name}
`;

/** Schemas by the name of their service, and what is added to their generators; answers the combined schema. */
export function merge(schemas: Record<string, string>, more: Record<string, string> = {}): string {
  return mergeSchemas(
    Object.entries(schemas).map(([name, source]) => ({
      service: { name, schema: `${name}_schema`, schemaFile: `${name}/prisma/schema.prisma` } as Service,
      ...parseSchema(`${name}/prisma/schema.prisma`, settings(name, more[name]) + source),
    })),
  );
}

/** What stands after the settings. */
export const body = (text: string) => text.slice(text.indexOf('}', text.indexOf('datasource')) + 1).trim();
