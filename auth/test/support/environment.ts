import { randomBytes } from 'node:crypto';
import { generateServiceKeys } from '@bw/service-kit/security';

/** The keys of the service that tests call as. */
export const callerKeys = generateServiceKeys();

/** A complete environment for auth; a test names only what it cares about. */
export function environment(databaseUrl: string, overrides: Record<string, string> = {}) {
  return {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    HTTP_PORT: '0',
    GRPC_PORT: '0',
    DATABASE_URL: databaseUrl,
    PUBLIC_URL: 'http://app.example.com',
    TOKEN_SECRET: randomBytes(32).toString('base64'),
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
    TRUSTED_SERVICES: `caller=${callerKeys.publicKey}`,
    RATE_LIMIT_FACTOR: '1000',
    ...overrides,
  };
}
