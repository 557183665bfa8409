import { createTestDatabase, type TestDatabase } from '@bw/scripts/testing';
import { generateServiceKeys } from '@bw/service-kit/security';
import { type RunningService, startService } from '@bw/service-kit/service';
import { TokenIssuer } from '@bw/service-kit/testing';
import supertest from 'supertest';
import { sampleService } from '../../src/service.js';

export interface TestSample {
  readonly issuer: TokenIssuer;
  readonly database: TestDatabase;
  readonly service: RunningService;
  /** What the service `tester` calls with over gRPC. */
  readonly callerKey: string;
  readonly http: ReturnType<typeof supertest>;
  stop(): Promise<void>;
}

/** The whole service in this process, on a database of its own. */
export async function startSample(): Promise<TestSample> {
  const [issuer, database] = await Promise.all([TokenIssuer.start('sample'), createTestDatabase()]);
  const caller = generateServiceKeys();
  const service = await startService(
    sampleService({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      HTTP_PORT: '0',
      GRPC_PORT: '0',
      DATABASE_URL: database.url('sample_app', 'sample_schema'),
      DATABASE_POOL_SIZE: '5',
      AUTH_JWKS_URL: issuer.jwksUrl,
      SERVICE_PRIVATE_KEY: generateServiceKeys().privateKey,
      TRUSTED_SERVICES: `tester=${caller.publicKey}`,
    }),
  );
  return {
    issuer,
    database,
    service,
    callerKey: caller.privateKey,
    http: supertest(service.url),
    async stop() {
      await service.stop();
      await issuer.stop();
      await database.drop();
    },
  };
}
