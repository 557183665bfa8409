import type { Pool } from 'pg';
import type { Client } from './client.js';
import type { LogLines } from './log-lines.js';

interface Run {
  readonly client: Client;
  readonly log: LogLines;
  readonly admin: Pool;
  readonly settings: Record<string, string>;
}

/** What opens an account, and so has no place in a log. */
const secretFields = /"(?:access_?token|refresh_?token|clientSecret)":"([^"]+)"/gi;
/** What a client sends and nobody ever says again. */
export const password = 'correct horse battery';

/** Secrets that got into an answer or a log line of a run. */
export async function findLeaks({ client, log, admin, settings }: Run): Promise<string[]> {
  const answers = client.answers.join('\n');
  const lines = log.lines.join('');
  const given = [...answers.matchAll(secretFields)].map(([, secret = '']) => secret);
  const never = [
    password,
    'canary',
    '$argon2',
    'PRIVATE KEY',
    ...(await storedSecrets(admin)),
    ...keysOf(settings),
  ];
  return [
    ...never.filter((secret) => answers.includes(secret)).map((secret) => `in an answer: ${secret}`),
    ...[...never, ...given]
      .filter((secret) => lines.includes(secret))
      .map((secret) => `in the log: ${secret}`),
  ];
}

async function storedSecrets(admin: Pool): Promise<string[]> {
  const { rows } = await admin.query<{ secret: string }>(`
    SELECT private_key AS secret FROM auth_schema.signing_keys
    UNION ALL SELECT client_secret FROM auth_schema.third_party_integrations WHERE client_secret <> ''
    UNION ALL SELECT content FROM auth_schema.mails WHERE content <> ''
    UNION ALL SELECT encode(digest, format) FROM auth_schema.one_time_tokens, unnest('{hex,base64}'::text[]) format
    UNION ALL SELECT encode(token_digest, format) FROM auth_schema.sessions, unnest('{hex,base64}'::text[]) format`);
  return rows.map(({ secret }) => secret).filter((secret) => secret.length > 16);
}

function keysOf({
  TOKEN_SECRET = '',
  ENCRYPTION_KEYS = '',
  SERVICE_PRIVATE_KEY = '',
}: Record<string, string>) {
  return [TOKEN_SECRET, ENCRYPTION_KEYS, SERVICE_PRIVATE_KEY];
}
