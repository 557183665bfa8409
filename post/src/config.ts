import { configuration, serviceEnvironment } from '@bw/service-kit/config';
import { z } from 'zod';

/** Everything post reads from its environment. */
export class PostConfig extends configuration(
  serviceEnvironment.extend({
    HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(9002),
    GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50052),

    /** Where auth publishes the keys that sign access tokens. */
    AUTH_JWKS_URL: z.url({ protocol: /^https?$/ }),
    /** Host and port of auth's gRPC interface. */
    AUTH_GRPC_ADDRESS: z.string().regex(/^[^/]+:\d+$/, 'is not host:port'),
    /** Milliseconds that a page waits for its authors; then it is answered without their names. */
    AUTHORS_TIMEOUT: z.coerce.number().int().min(10).max(10_000).default(300),
    /** Who signs the access tokens, as auth calls itself in them. */
    TOKEN_ISSUER: z.string().min(1).default('auth'),

    /** A text search configuration of PostgreSQL such as `english`, `german` or `simple`; for posts from now on. */
    SEARCH_LANGUAGE: z
      .string()
      .regex(/^[a-z_]+$/, 'is not the name of a text search configuration')
      .default('english'),
    /** Days until a deleted post is gone for good; one hidden with its author also stays while auth knows the user. */
    DELETED_POSTS_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  }),
) {}
