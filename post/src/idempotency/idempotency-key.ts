import { InvalidInputError } from '@bw/service-kit/errors';
import { ReadsHeader } from '@bw/service-kit/openapi';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The request's Idempotency-Key, if it has one. */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined =>
    checkIdempotencyKey(context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key']),
  [
    ReadsHeader(
      'Idempotency-Key',
      'A repetition with the same key is answered as the first request was, for a day',
    ),
  ],
);

export function checkIdempotencyKey(key: unknown): string | undefined {
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new InvalidInputError([
    { pointer: '/idempotency-key', message: 'must be 1 to 255 visible ASCII characters' },
  ]);
}
