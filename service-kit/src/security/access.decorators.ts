import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { UnauthenticatedError } from '../errors/index.js';
import type { Principal } from './principal.js';

/** Who may call a handler. A handler without a rule stops the service from starting. */
export type AccessRule = 'public' | 'signed-in' | readonly string[];

export const accessRuleKey = 'service-kit:access-rule';

export const Public = () => SetMetadata<string, AccessRule>(accessRuleKey, 'public');
export const SignedIn = () => SetMetadata<string, AccessRule>(accessRuleKey, 'signed-in');
export const Roles = (...roles: readonly string[]) => SetMetadata<string, AccessRule>(accessRuleKey, roles);

/** The signed-in caller, as a handler's argument. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!principal) throw new UnauthenticatedError();
  return principal;
});
