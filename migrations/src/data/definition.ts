/** Runs one statement in the transaction of the current batch. */
export type Query = <Result extends object>(sql: string, values?: unknown[]) => Promise<Result[]>;

interface Scope {
  /** The service whose tables it works on, as its owner role. */
  service: string;
  table: string;
  /** The columns by which to walk: unique together, never null, indexed in this order. `id` if not given. */
  key?: string[];
  /** SQL. Rows for which it is not true are passed over. */
  where?: string;
}

/** The change as SQL, which never leaves the database: `full_name = concat_ws(' ', first_name, last_name)`. */
export interface SqlDataMigration extends Scope {
  set: string;
}

/** The change as a function, for what SQL cannot do. A batch that throws is undone as a whole. */
export interface RowDataMigration<Row extends object> extends Scope {
  /** The columns the function reads, besides the key. */
  columns: string[];
  migrate(rows: Row[], query: Query): Promise<void>;
}

/** The file that exports it. */
export function writeDefinition({ service, table, key, where, set }: SqlDataMigration): string {
  const fields = { service, table, ...(key && { key }), ...(where && { where }), set };
  const lines = Object.entries(fields).map(([name, value]) => `  ${name}: ${literal(value)},`);
  return `import type { DataMigration } from '@bw/migrations/data';

// Rows written from now on must come out right by themselves: deploy the code that writes the new form first.
export default {
${lines.join('\n')}
} satisfies DataMigration;
`;
}

/** In the quotes that need no escapes, as the formatter wants it. */
function literal(value: string | string[]): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  return /['\\\n]/.test(value) ? JSON.stringify(value) : `'${value}'`;
}

/** What a file in `migrations/data-migrations/` exports by default. */
export type DataMigration<Row extends object = Record<string, unknown>> =
  | SqlDataMigration
  | RowDataMigration<Row>;
