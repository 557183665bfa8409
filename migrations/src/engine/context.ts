import { bindMigrationAwareSqlAdapterFactory, type SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { createAdapter } from './database/adapter.js';
import { Connection } from './database/connection.js';
import { createOfflineAdapter } from './database/offline.js';
import { Replays } from './database/replays.js';
import { createShadow } from './database/shadow.js';
import { noDatabaseUrl } from './errors.js';
import { type EngineSettings, hasPreviewFeatures } from './settings.js';
import { container, datasourceOnly, noFilter } from './targets.js';
import { loadWasm } from './wasm.js';

/** What the methods work with: the engine, its connection, and what became known on the way. */
export class EngineContext {
  readonly settings: EngineSettings;
  /** The migration that is being applied, or was when something failed. */
  migration: string | undefined;
  /** What the last failure was in our words; the engine passes on only a part of it. */
  failure: unknown;
  /** Whether the engine has replayed all migrations, as it must have before it compares with them. */
  hasReplayed = false;
  #online: Promise<SchemaEngine> | undefined;
  #featuresKnown: Promise<void> | undefined;
  #connection: Promise<Connection> | undefined;
  #replays: Replays | undefined;

  constructor(settings: EngineSettings) {
    this.settings = settings;
  }

  /** The engine over the database, connected when first asked for. */
  engine(): Promise<SchemaEngine> {
    this.#online ??= this.connection().then((connection) =>
      this.#start(createAdapter(connection, this.#remember), () => this.#connectToShadow(connection)),
    );
    return this.#online;
  }

  /**
   * The engine where it looks into a database and compares. As WebAssembly it learns of preview features only from a
   * comparison with a schema; without them it does not see, for one, what makes an index partial.
   */
  async comparingEngine(): Promise<SchemaEngine> {
    const engine = await this.engine();
    this.#featuresKnown ??= this.#tellFeatures(engine);
    await this.#featuresKnown;
    return engine;
  }

  /** The engine without a database, for comparing schema files. */
  offline(): Promise<SchemaEngine> {
    return this.#start(createOfflineAdapter(), async () => createOfflineAdapter());
  }

  async connection(): Promise<Connection> {
    const { url, historySchema, role } = this.settings;
    if (!url) throw noDatabaseUrl();
    this.#connection ??= Connection.open(url, { searchPath: historySchema, role });
    return this.#connection;
  }

  /** Asks the shadow database as the last replay left it; nothing where there was none. */
  askReplayed(text: string): Promise<(string | null)[][]> {
    return this.#replays?.ask(text) ?? Promise.resolve([]);
  }

  async close(): Promise<void> {
    // What cannot be dropped now is, by a later engine, as a left-over.
    await this.#replays?.drop().catch(() => undefined);
    await this.#connection?.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  readonly #remember = (error: unknown) => {
    this.failure = error;
  };

  async #start(
    adapter: SqlDriverAdapter,
    connectToShadowDb: () => Promise<SqlDriverAdapter>,
  ): Promise<SchemaEngine> {
    const { SchemaEngine } = await loadWasm();
    const { schemaFiles, historySchema } = this.settings;
    const factory = bindMigrationAwareSqlAdapterFactory({
      provider: 'postgres',
      adapterName: '@bw/migrations',
      connect: async () => adapter,
      connectToShadowDb,
    });
    const datamodels = schemaFiles.length > 0 ? schemaFiles : [datasourceOnly(historySchema)];
    return SchemaEngine.new({ datamodels }, this.#followLog, factory);
  }

  async #tellFeatures(engine: SchemaEngine): Promise<void> {
    const { schemaFiles } = this.settings;
    if (!(await hasPreviewFeatures(schemaFiles))) return;
    const from = { tag: 'schemaDatasource', ...container(schemaFiles), configDir: '.' } as const;
    await engine.diff({ from, to: { tag: 'empty' }, script: false, exitCode: null, filters: noFilter });
  }

  readonly #followLog = (line: string) => {
    const { span } = JSON.parse(line) as LogRow;
    if (span?.name !== 'Applying migration' || !span.migration_name) return;
    this.migration = span.migration_name;
    this.settings.print(`Applying migration \`${this.migration}\``);
  };

  async #connectToShadow(admin: Connection): Promise<SqlDriverAdapter> {
    const { url, historySchema } = this.settings;
    if (!url) return createOfflineAdapter();
    this.#replays ??= new Replays(() => createShadow(url, admin, historySchema), this.#remember);
    try {
      return await this.#replays.lend();
    } catch (error) {
      this.#remember(error);
      throw error;
    }
  }
}

interface LogRow {
  span?: { name: string; migration_name?: string };
}
