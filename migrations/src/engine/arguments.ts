import { parseArgs } from 'node:util';

/** The command line as the Prisma CLI writes it. */
export interface Arguments {
  version: boolean;
  datamodels: string[];
  url: string | undefined;
  /** `can-connect-to-database`, `create-database` or `drop-database`; the JSON-RPC loop when there is none. */
  command: string | undefined;
}

export function readArguments(argv: string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      version: { type: 'boolean', short: 'V', default: false },
      datamodels: { type: 'string', short: 'd', multiple: true, default: [] },
      datasource: { type: 'string' },
      // Both say what the engine reads from the schema files as well.
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
    },
  });
  const [group, command] = positionals;
  return {
    version: values.version,
    datamodels: values.datamodels,
    url: values.datasource ? (JSON.parse(values.datasource) as { url?: string }).url : undefined,
    command: group === 'cli' ? command : undefined,
  };
}
