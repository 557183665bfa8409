import { configuration, secretKey, serviceEnvironment } from '@bw/service-kit/config';
import { z } from 'zod';
import { encryptionKeys } from './encryption-keys.js';

const minute = 60;
const day = 24 * 60 * minute;
const days = (fallback: number) => z.coerce.number().int().min(1).max(3_650).default(fallback);
const seconds = (fallback: number) => z.coerce.number().int().min(1).default(fallback);

/** Everything auth reads from its environment. Durations are in seconds. */
export class AuthConfig extends configuration(
  serviceEnvironment.extend({
    HTTP_PORT: z.coerce.number().int().min(0).max(65_535).default(9001),
    GRPC_PORT: z.coerce.number().int().min(0).max(65_535).default(50051),

    /** Where users reach the system: the beginning of the links in mails. */
    PUBLIC_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/$/, '')),
    TOKEN_ISSUER: z.string().min(1).default('auth'),
    /** The services that may accept the access tokens, separated by commas; auth and those it trusts by default. */
    TOKEN_AUDIENCES: z
      .string()
      .transform((text) => text.split(',').map((name) => name.trim()))
      .refine((names) => names.includes('auth'), 'does not name auth, which takes these tokens too; add it')
      .optional(),
    ACCESS_TOKEN_LIFETIME: seconds(5 * minute).pipe(z.number().max(60 * minute)),
    SESSION_IDLE_LIFETIME: seconds(14 * day),
    SESSION_LIFETIME: seconds(90 * day),
    /** How long a refresh token that was just used is answered once more, for an answer that got lost. */
    REFRESH_GRACE: z.coerce.number().int().min(0).max(60).default(10),

    /** Makes refresh tokens recognisable as ours. */
    TOKEN_SECRET: secretKey(),
    /** Encrypts what must be readable again: `name:KEY` separated by commas, the first one encrypts. */
    ENCRYPTION_KEYS: encryptionKeys(),

    PASSWORD_MIN_LENGTH: z.coerce.number().int().min(8).max(64).default(15),
    /** Passwords hashed at the same time, by default one for each core; one of the threads is always left to others. */
    HASH_CONCURRENCY: z.coerce.number().int().min(1).max(1_024).optional(),
    /** Node's own setting: the threads that hash and do much else. */
    UV_THREADPOOL_SIZE: z.coerce.number().int().min(1).max(1_024).default(4),
    /** `immediate` signs in at once and so tells which addresses are taken; `confirmed` tells nobody anything. */
    SIGN_UP: z.enum(['immediate', 'confirmed']).default('immediate'),
    /** Multiplies every limit on requests, for load tests and for development. */
    RATE_LIMIT_FACTOR: z.coerce.number().min(0.01).default(1),

    /** `smtp://` or `smtps://`; without it mails are written to MAIL_FOLDER. */
    MAIL_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    MAIL_FROM: z.string().default('no-reply@localhost'),
    MAIL_FOLDER: z.string().default('.data/mail'),

    /** Days until what has ended is removed for good. */
    DELETED_USERS_DAYS: days(30),
    ENDED_SESSIONS_DAYS: days(30),
    SENT_MAILS_DAYS: days(30),
    /** A service that reads the events later than this starts with what is left. */
    USER_EVENTS_DAYS: days(30),
    AUDIT_EVENTS_DAYS: days(365),
  }),
) {}
