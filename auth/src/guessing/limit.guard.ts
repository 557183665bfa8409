import { TooManyRequestsError } from '@bw/service-kit/errors';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthConfig } from '../config/index.js';
import { clientOf } from './client-address.js';
import { type Limit, limitKey } from './limit.decorator.js';
import { RateLimiter, type Verdict } from './rate-limiter.js';

/** Applies a handler's limit and says how much of it is left (draft-ietf-httpapi-ratelimit-headers). */
@Injectable()
export class LimitGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
    private readonly config: AuthConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const declared = this.reflector.get<Limit | undefined>(limitKey, context.getHandler());
    return !declared || this.isWithin(declared, context);
  }

  private async isWithin(declared: Limit, context: ExecutionContext): Promise<boolean> {
    const limit = { ...declared, quota: Math.ceil(declared.quota * this.config.RATE_LIMIT_FACTOR) };
    const http = context.switchToHttp();
    const verdict = await this.limiter.take(limit, clientOf(http.getRequest<FastifyRequest>().ip));
    const headers = headersOf(limit, verdict);
    if (!verdict.allowed) throw new TooManyRequestsError(verdict.secondsLeft, headers);
    http.getResponse<FastifyReply>().headers(headers);
    return true;
  }
}

function headersOf(
  { name, quota, window }: Limit,
  { remaining, secondsLeft }: Verdict,
): Record<string, string> {
  return {
    'ratelimit-policy': `"${name}";q=${quota};w=${window}`,
    ratelimit: `"${name}";r=${Math.max(0, remaining)};t=${Math.max(0, Math.ceil(secondsLeft))}`,
  };
}
