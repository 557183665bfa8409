import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { generateServiceKeys } from '@bw/service-kit/security';
import { type RunningService, startService } from '@bw/service-kit/service';
import supertest from 'supertest';
import { postService } from '../../src/service.js';
import { FakeAuth } from './fake-auth.js';

export interface TestPost {
  readonly auth: FakeAuth;
  readonly database: TestDatabase;
  readonly service: RunningService;
  readonly environment: Record<string, string>;
  readonly callerKey: string;
  readonly http: ReturnType<typeof supertest>;
  /** Another replica on the same database. */
  replica(changes?: Record<string, string>): Promise<RunningService>;
  stop(): Promise<void>;
}

/** The whole service in this process, on a database of its own and beside an auth that the test controls. */
export async function startPost(changes: Record<string, string> = {}): Promise<TestPost> {
  const [auth, database] = await Promise.all([FakeAuth.start(), createTestDatabase()]);
  const own = generateServiceKeys();
  auth.trust('post', own.publicKey);
  const caller = generateServiceKeys();
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    HOST: '127.0.0.1',
    HTTP_PORT: '0',
    GRPC_PORT: '0',
    DATABASE_URL: database.url('post_app', 'post_schema'),
    DATABASE_POOL_SIZE: '5',
    SHUTDOWN_DELAY: '0',
    // A machine busy with other tests is no auth that is slow.
    AUTHORS_TIMEOUT: '10000',
    AUTH_JWKS_URL: auth.jwksUrl,
    AUTH_GRPC_ADDRESS: auth.grpcAddress,
    SERVICE_PRIVATE_KEY: own.privateKey,
    TRUSTED_SERVICES: `tester=${caller.publicKey}`,
    ...changes,
  };
  const replicas: RunningService[] = [];
  const replica = async (more: Record<string, string> = {}) => {
    const started = await startService(postService({ ...environment, ...more }));
    replicas.push(started);
    return started;
  };
  const service = await replica();
  return {
    auth,
    database,
    service,
    environment,
    callerKey: caller.privateKey,
    http: supertest(service.url),
    replica,
    async stop() {
      await Promise.all(replicas.map((each) => each.stop()));
      await auth.stop();
      await database.drop();
    },
  };
}

/** Tries again until `check` passes; its last failure is the test's. */
export async function eventually<T>(check: () => Promise<T>, within = 30_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
