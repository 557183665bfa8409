import { setTimeout as sleep } from 'node:timers/promises';
import {
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { columnOf } from './columns.js';
import type { Connection } from './connection.js';
import { ScriptFailure } from './script-failure.js';

/** Tells what went wrong in our own words: the engine passes on only a part of what it is told. */
export type OnFailure = (error: unknown) => void;

/** Lets the engine work over one connection. */
export function createAdapter(connection: Connection, onFailure: OnFailure): SqlDriverAdapter {
  const report = (error: unknown): never => {
    onFailure(error);
    throw new DriverAdapterError(explain(error));
  };
  const run = (script: string) => connection.run(script).catch(report);
  return {
    provider: 'postgres',
    adapterName: '@bw/migrations',
    queryRaw: (query) => select(connection, query).catch(report),
    executeScript: run,
    async executeRaw({ sql, args }) {
      if (sql === waitForLock) await pollForLock(connection).catch(report);
      // A command without arguments may be a whole script.
      else if (args.length === 0) await run(sql);
      else return (await connection.query(sql, args).catch(report)).rowCount ?? 0;
      return 0;
    },
    startTransaction: () => Promise.reject(new Error('The schema engine writes its transactions as SQL.')),
    // Naming the schema here would make the engine write its tables without their schema.
    getConnectionInfo: () => ({ supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
}

async function select(connection: Connection, { sql, args }: SqlQuery): Promise<SqlResultSet> {
  const { fields, rows } = await connection.query(sql, args);
  const columns = fields.map((field) => columnOf(field.dataTypeID));
  return {
    columnNames: fields.map((field) => field.name),
    columnTypes: columns.map((column) => column.type),
    rows: rows.map((row) => columns.map(({ parse }, index) => parseCell(parse, row[index]))),
  };
}

const parseCell = (parse: (text: string) => unknown, cell: string | null | undefined) =>
  cell === null || cell === undefined ? null : parse(cell);

const waitForLock = 'SELECT pg_advisory_lock(72707369)';
const tryLock = 'SELECT pg_try_advisory_lock(72707369)';

/**
 * Asks again and again instead of waiting in the server: a waiting query holds a snapshot, and a concurrent index
 * build under the lock waits for every snapshot, so the two would wait for each other.
 */
async function pollForLock(connection: Connection): Promise<void> {
  while ((await connection.query(tryLock)).rows[0]?.[0] !== 't') await sleep(100);
}

const undefinedTable = '42P01';

function explain(error: unknown): DriverAdapterError['cause'] {
  const cause = error instanceof ScriptFailure ? error.cause : error;
  if (!(cause instanceof pg.DatabaseError)) return { ...nothingMore, code: 'none', message: String(error) };
  const { code = 'none', message, severity = 'ERROR', detail, hint, column } = cause;
  if (code === undefinedTable) return { kind: 'TableDoesNotExist' };
  return { kind: 'postgres', code, message, severity, detail, hint, column };
}

const nothingMore = {
  kind: 'postgres',
  severity: 'ERROR',
  detail: undefined,
  hint: undefined,
  column: undefined,
} as const;
