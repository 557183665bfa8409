import { resolve } from 'node:path';
import { userEventsServiceDefinition } from '@bw/contracts/user-events';
import { usersServiceDefinition } from '@bw/contracts/users';
import type { Environment } from '@bw/service-kit/config';
import { AccessTokens } from '@bw/service-kit/security';
import type { Service } from '@bw/service-kit/service';
import { AppModule } from './app.module.js';
import { AuthConfig } from './config/index.js';
import { answerRememberedTokens } from './sessions/forward-auth.js';

/** The workspace's folder, from src/, dist/ and bundle/ alike. */
export const serviceFolder = resolve(import.meta.dirname, '..');

/** The auth service as its environment describes it. */
export function authService(environment: Environment): Service {
  return {
    name: 'auth',
    schema: 'auth_schema',
    folder: serviceFolder,
    config: new AuthConfig(environment),
    module: AppModule,
    addHooks: (server, app) => answerRememberedTokens(server, app.get(AccessTokens)),
    grpc: [usersServiceDefinition, userEventsServiceDefinition],
  };
}
