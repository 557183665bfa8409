import { configuration, serviceEnvironment } from '@bw/service-kit/config';
import { z } from 'zod';

/** Everything sample reads from its environment. */
export class SampleConfig extends configuration(
  serviceEnvironment.extend({
    HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(9199),
    GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50199),

    /** Where auth publishes the keys that sign access tokens. */
    AUTH_JWKS_URL: z.url({ protocol: /^https?$/ }),
    /** Who signs the access tokens, as auth calls itself in them. */
    TOKEN_ISSUER: z.string().min(1).default('auth'),
  }),
) {}
