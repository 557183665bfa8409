import { UserError, type UserErrorOptions } from '../errors/index.js';

export interface EngineErrorOptions extends UserErrorOptions {
  /** What the code is about, as Prisma names it: `migration_name`, `database_error_code`, … */
  meta?: Record<string, string | number>;
}

/** An error with one of Prisma's codes (https://pris.ly/d/error-reference) and Prisma's wording for it. */
export class EngineError extends UserError {
  readonly meta: Record<string, string | number>;

  constructor(code: string, message: string, { meta = {}, ...options }: EngineErrorOptions = {}) {
    super(code, message, options);
    this.meta = meta;
  }
}

/** The engine itself broke; nothing may be asked of it afterwards. */
export class EnginePanic extends UserError {
  constructor(message: string) {
    super('ENGINE_PANIC', `Prisma's schema engine broke down: ${message}`, {
      hint: 'Nothing half-done was kept: run the command again. If it happens again, report it with this message to https://github.com/prisma/prisma/issues.',
    });
  }
}

export interface Place {
  host: string;
  port: number;
  database: string;
  user: string;
}

export const authenticationFailed = ({ user }: Place, cause: unknown) =>
  new EngineError(
    'P1000',
    `Authentication failed against database server, the provided database credentials for \`${user}\` are not valid.\n\n` +
      'Please make sure to provide valid database credentials for the database server at the configured address.',
    { meta: { database_user: user }, cause },
  );

export const notReachable = ({ host, port }: Place, cause: unknown) =>
  new EngineError(
    'P1001',
    `Can't reach database server at \`${host}:${port}\`\n\n` +
      `Please make sure your database server is running at \`${host}:${port}\`.`,
    { meta: { database_location: `${host}:${port}` }, cause },
  );

export const timedOut = (context: string) =>
  new EngineError(
    'P1002',
    'The database server was reached but timed out.\n\nPlease try again.\n\n' +
      `Please make sure your database server is running at the configured address.\n\nContext: ${context}\n`,
    { meta: { context } },
  );

export const databaseMissing = ({ database }: Place, cause: unknown) =>
  new EngineError('P1003', `Database \`${database}\` does not exist`, {
    meta: { database_name: database },
    cause,
  });

export const databaseExists = ({ database }: Place, cause: unknown) =>
  new EngineError('P1009', `Database \`${database}\` already exists on the database server`, {
    meta: { database_name: database },
    cause,
  });

export const accessDenied = ({ database }: Place, cause: unknown) =>
  new EngineError('P1010', `User was denied access on the database \`${database}\``, {
    meta: { database_name: database },
    cause,
  });

export const tlsFailed = (reason: string, cause: unknown) =>
  new EngineError('P1011', `Error opening a TLS connection: ${reason}`, { meta: { message: reason }, cause });

export const badUrl = (details: string) =>
  new EngineError('P1013', `The provided database string is invalid. ${details}`, { meta: { details } });

export const connectionClosed = (cause: unknown) =>
  new EngineError('P1017', 'Server has closed the connection.', { cause });

export const tooManyConnections = (reason: string, cause: unknown) =>
  new EngineError('P2037', `Too many database connections opened: ${reason}`, {
    meta: { message: reason },
    cause,
  });

export const databaseNotCreated = (reason: string, cause: unknown) =>
  new EngineError('P3000', `Failed to create database: ${reason}`, {
    meta: { database_error: reason },
    cause,
  });

export const shadowNotApplied = (migration: string, failure: string, cause: unknown) =>
  new EngineError(
    'P3006',
    `Migration \`${migration}\` failed to apply cleanly to the shadow database. \nError:\n${failure}`,
    { meta: { migration_name: migration }, cause },
  );

export const shadowNotCreated = (reason: string, cause: unknown) =>
  new EngineError(
    'P3014',
    'Prisma Migrate could not create the shadow database. Please make sure the database user has permission to create databases. ' +
      'Read more about the shadow database (and workarounds) at https://pris.ly/d/migrate-shadow\n\n' +
      `Original error: \n${reason}`,
    { cause },
  );

export const migrationFailed = (migration: string, sqlState: string, failure: string) =>
  new EngineError(
    'P3018',
    'A migration failed to apply. New migrations cannot be applied before the error is recovered from. ' +
      'Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
      `Migration name: ${migration}\n\nDatabase error code: ${sqlState}\n\nDatabase error:\n${failure}\n`,
    { meta: { migration_name: migration, database_error_code: sqlState, database_error: failure } },
  );

export const noDatabaseUrl = () =>
  new EngineError('NO_DATABASE_URL', 'This command needs a database, and no URL is configured.', {
    hint: 'Start the development environment with ./dev.sh, or set MIGRATION_DATABASE_URL or DATABASE_URL.',
  });
