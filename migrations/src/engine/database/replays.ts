import { isDeepStrictEqual } from 'node:util';
import type { SqlDriverAdapter, SqlQuery, SqlResultSet } from '@prisma/driver-adapter-utils';
import { createAdapter, type OnFailure } from './adapter.js';
import type { ShadowDatabase } from './shadow.js';

/** What has run in the shadow database after another, and what it has answered since. */
interface State {
  script: SqlQuery | undefined;
  answers: { query: SqlQuery; result: SqlResultSet }[];
}

/**
 * Lends the engine a new, empty database whenever it asks for one; so it seems to the engine. It is one shadow database
 * that is kept: a script that ran in it after the same scripts does not run again, and what was answered then is still
 * true. Where the scripts differ from those before, the database is made anew.
 */
export class Replays {
  readonly #create: () => Promise<ShadowDatabase>;
  readonly #onFailure: OnFailure;
  #shadow: Promise<ShadowDatabase> | undefined;
  #states: State[] = [];

  constructor(create: () => Promise<ShadowDatabase>, onFailure: OnFailure) {
    this.#create = create;
    this.#onFailure = onFailure;
  }

  async lend(): Promise<SqlDriverAdapter> {
    const scripts: SqlQuery[] = [];
    const run = async (script: SqlQuery) => {
      if (!this.#stateAfter([...scripts, script])) await this.#run(scripts, script);
      scripts.push(script);
      return 0;
    };
    return {
      ...(await this.#open()),
      queryRaw: (query) => this.#ask(scripts, query),
      executeRaw: run,
      executeScript: (sql) => run({ sql, args: [], argTypes: [] }).then(() => undefined),
      dispose: async () => undefined,
    };
  }

  /** Asks the database as the last replay left it. */
  async ask(text: string): Promise<(string | null)[][]> {
    await this.#open();
    const shadow = await this.#shadow;
    return (await shadow?.connection.query(text))?.rows ?? [];
  }

  async drop(): Promise<void> {
    const shadow = this.#shadow;
    this.#shadow = undefined;
    this.#states = [];
    await shadow?.then((made) => made.drop());
  }

  async #ask(scripts: SqlQuery[], query: SqlQuery): Promise<SqlResultSet> {
    const known = this.#stateAfter(scripts)?.answers.find((each) => isDeepStrictEqual(each.query, query));
    if (known) return known.result;
    const adapter = await this.#bringTo(scripts);
    const result = await adapter.queryRaw(query);
    this.#states.at(-1)?.answers.push({ query, result });
    return result;
  }

  async #run(scripts: SqlQuery[], script: SqlQuery): Promise<void> {
    const adapter = await this.#bringTo(scripts);
    try {
      await adapter.executeRaw(script);
    } catch (error) {
      // A part of it may have been committed.
      await this.drop().catch(() => undefined);
      throw error;
    }
    this.#states.push({ script, answers: [] });
  }

  /** The database as it is after these scripts and no others. */
  async #bringTo(scripts: SqlQuery[]): Promise<SqlDriverAdapter> {
    const isThere = this.#stateAfter(scripts) && this.#states.length === scripts.length + 1;
    if (isThere) return this.#open();
    await this.drop().catch(() => undefined);
    const adapter = await this.#open();
    for (const script of scripts) {
      await adapter.executeRaw(script);
      this.#states.push({ script, answers: [] });
    }
    return adapter;
  }

  #stateAfter(scripts: SqlQuery[]): State | undefined {
    const isSame = scripts.every((script, at) => isDeepStrictEqual(this.#states[at + 1]?.script, script));
    return isSame ? this.#states[scripts.length] : undefined;
  }

  async #open(): Promise<SqlDriverAdapter> {
    if (!this.#shadow) {
      this.#shadow = this.#create();
      this.#states = [{ script: undefined, answers: [] }];
      this.#shadow.catch(() => {
        this.#shadow = undefined;
      });
    }
    const { connection } = await this.#shadow;
    return createAdapter(connection, this.#onFailure);
  }
}
