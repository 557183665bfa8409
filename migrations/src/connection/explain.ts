import { UserError } from '../errors/index.js';

/** The server or the network went away in the middle. What was not committed is undone by PostgreSQL. */
export class ConnectionLost extends UserError {}

interface Failure extends Error {
  code?: string;
}

const initializeHint =
  'Run migrations/migrate-multi-schema.sh with ADMIN_DATABASE_URL set: it makes roles and schemas.';

/** Why a connection could not be made, in words that name the next step. Never the URL: it holds the password. */
export function explainConnection(error: unknown, url: string): UserError {
  const { user, database, place } = describe(url);
  const { code = '', message } = error as Failure;
  const refuse = (name: string, text: string, hint: string) =>
    new UserError(name, text, { hint, cause: error });
  switch (code) {
    case '28P01':
    case '28000':
      return refuse(
        'LOGIN_REFUSED',
        `PostgreSQL at ${place} does not let ${user} in: ${message}.`,
        `Either the password is wrong or the role ${user} does not exist yet. ${initializeHint}`,
      );
    case '3D000':
      return refuse(
        'NO_SUCH_DATABASE',
        `PostgreSQL at ${place} has no database ${database}.`,
        'Create it, or correct the URL.',
      );
    case '57P03':
      return refuse(
        'SERVER_STARTING',
        `PostgreSQL at ${place} is still not ready: ${message}.`,
        'Wait longer with --server-wait, or look into its log.',
      );
    case '53300':
      return refuse(
        'NO_CONNECTION_LEFT',
        `PostgreSQL at ${place} has no connection left: ${message}.`,
        'Raise max_connections or close some sessions.',
      );
    case '42501':
      return refuse(
        'NO_RIGHTS',
        `${user} may not connect to ${database} at ${place}: ${message}.`,
        initializeHint,
      );
    default:
      if (noTls.test(message)) return refuse('NO_TLS', `PostgreSQL at ${place}: ${message}.`, noTlsHint);
      if (certificateCodes.test(code))
        return refuse('CERTIFICATE', `The certificate of ${place} is not accepted: ${message}.`, trustHint);
      return refuse(
        'UNREACHABLE',
        `No PostgreSQL answers at ${place}: ${message || code}.`,
        'In development start it with ./dev.sh; otherwise check host, port and network.',
      );
  }
}

const noTls = /does not support SSL/;
const noTlsHint = 'Take sslmode out of the URL, or set up TLS on the server.';
const certificateCodes = /CERT|UNABLE_TO_VERIFY/;
const trustHint =
  'Add sslrootcert=FILE to the URL, with the certificate of the authority that signed it; sslmode=no-verify asks for none.';

/** A failure of a query that the person can mend; anything else as it came. */
export function explainQuery(error: unknown, url: string): unknown {
  if (error instanceof UserError) return error;
  const { user, place } = describe(url);
  const { code = '', message } = error as Failure;
  if (isConnectionLost(error)) {
    return new ConnectionLost(
      'CONNECTION_LOST',
      `The connection to PostgreSQL at ${place} was lost: ${message}.`,
      {
        hint: 'What had not been committed was undone. Run the same command again: it continues where this one stopped.',
        cause: error,
      },
    );
  }
  if (code === '42501') {
    return new UserError('NO_RIGHTS', `${user} lacks a right it needs: ${message}.`, {
      hint: `Migrations run as the service's owner role. ${initializeHint}`,
      cause: error,
    });
  }
  if (code === '25006') {
    return new UserError('READ_ONLY', `PostgreSQL at ${place} takes no changes from ${user}: ${message}.`, {
      hint: 'It is a replica, or default_transaction_read_only is set. Give MIGRATION_DATABASE_URL the address of the primary.',
      cause: error,
    });
  }
  if (code === '3F000') {
    return new UserError('NO_SUCH_SCHEMA', `The database has not been prepared: ${message}.`, {
      hint: initializeHint,
      cause: error,
    });
  }
  return error;
}

// 57P01-57P05: the server ended the session; class 08: the protocol broke; without a code: the socket closed.
const lostCodes = /^(57P0[1-5]|08...|ECONNRESET|EPIPE|ETIMEDOUT)$/;
const lostMessages = /Connection terminated|not queryable|Client was closed/;

export function isConnectionLost(error: unknown): boolean {
  const { code, message } = error as Failure;
  return code ? lostCodes.test(code) : lostMessages.test(message);
}

function describe(url: string): { user: string; database: string; place: string } {
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const host = searchParams.get('host') || hostname || 'localhost';
  return {
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
    place: `${host}:${port || 5432}`,
  };
}
