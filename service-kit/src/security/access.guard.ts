import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError, UnauthenticatedError } from '../errors/index.js';
import { type AccessRule, accessRuleKey } from './access.decorators.js';
import { AccessTokens } from './access-tokens.js';

/** Denies unless the handler's rule allows. A service provides it as APP_GUARD, and AccessTokens with its keys. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(accessRuleKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    return rule === 'public' || this.mayCall(context.switchToHttp().getRequest<FastifyRequest>(), rule);
  }

  private async mayCall(request: FastifyRequest, rule: AccessRule | undefined): Promise<boolean> {
    const principal = await this.tokens.verify(bearerToken(request.headers.authorization));
    request.principal = principal;
    if (rule === 'signed-in' || rule?.includes(principal.role)) return true;
    throw new ForbiddenError();
  }
}

export function bearerToken(header: string | undefined): string {
  const match = header?.match(/^Bearer +([\w.~+/-]+=*) *$/i);
  if (!match?.[1]) throw new UnauthenticatedError();
  return match[1];
}
