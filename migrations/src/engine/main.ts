import { readArguments } from './arguments.js';

/** What the Prisma CLI starts instead of the engine it would download. */
async function main(): Promise<void> {
  const { version, command, url, datamodels } = readArguments(process.argv.slice(2));
  if (version) await printVersion();
  else if (command) await runCommand(command, url);
  else await answerPrisma(url, datamodels);
}

async function printVersion(): Promise<void> {
  const { loadWasm } = await import('./wasm.js');
  const { version } = await loadWasm();
  console.log(`schema-engine-cli ${version()}`);
}

async function runCommand(command: string, url: string | undefined): Promise<void> {
  const { administer } = await import('./administer.js');
  log('INFO', { message: 'Starting schema engine CLI' });
  log('INFO', { message: await administer(command, url) });
}

async function answerPrisma(url: string | undefined, datamodels: string[]): Promise<void> {
  const [{ RpcServer }, { audienceOf }, { readSchemaFile }] = await Promise.all([
    import('./rpc.js'),
    import('./audience.js'),
    import('./targets.js'),
  ]);
  const schemaFiles = await Promise.all(datamodels.map(readSchemaFile));
  const server = new RpcServer({ url, schemaFiles, audience: audienceOf(process.env) }, process.stdout);
  // Prisma ends its engine with SIGTERM, and Ctrl-C reaches both: a shadow database must not be left behind.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => void server.close().finally(() => process.exit(0)));
  }
  await server.serve(process.stdin);
  await server.close();
}

/** One row of the log that the Prisma CLI reads from stderr. */
function log(level: 'INFO' | 'ERROR', fields: object): void {
  const row = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' };
  process.stderr.write(`${JSON.stringify(row)}\n`);
}

// A panic of the engine surfaces outside of every call. The Prisma CLI knows it by this exit code.
process.on('uncaughtException', async (error) => {
  const { panicMessage } = await import('./wasm.js');
  log('ERROR', { message: panicMessage() ?? error.stack ?? error.message });
  process.exit(101);
});

main().catch((error: Error & { code?: string }) => {
  log('ERROR', { message: error.message, ...(error.code?.startsWith('P') && { error_code: error.code }) });
  process.exitCode = 1;
});
