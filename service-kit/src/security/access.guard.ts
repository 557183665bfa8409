import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ForbiddenError, UnauthenticatedError } from '../errors/index.js';
import { type AccessRule, accessRuleKey } from './access.decorators.js';
import { AccessTokens } from './access-tokens.js';
import type { Principal } from './principal.js';

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
    if (rule === 'public') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = bearerToken(request.headers.authorization);
    // At once where it can: the promises would cost more than the check of a remembered token.
    const principal = this.tokens.recall(token);
    if (principal) return mayCall(request, rule, principal);
    return this.tokens.verify(token).then((verified) => mayCall(request, rule, verified));
  }
}

function mayCall(request: FastifyRequest, rule: AccessRule | undefined, principal: Principal): true {
  request.principal = principal;
  if (rule === 'signed-in' || rule?.includes(principal.role)) return true;
  throw new ForbiddenError();
}

export function bearerToken(header: string | undefined): string {
  const match = header?.match(/^Bearer +([\w.~+/-]+=*) *$/i);
  if (!match?.[1]) throw new UnauthenticatedError();
  return match[1];
}
