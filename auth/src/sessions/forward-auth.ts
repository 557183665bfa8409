import { type AccessTokens, bearerToken, type Principal } from '@bw/service-kit/security';
import type { FastifyInstance, FastifyReply, onRequestHookHandler } from 'fastify';

export const forwardAuthPath = '/v1/auth/verify';

export const nameCaller = ({ userId, role }: Principal, reply: FastifyReply): FastifyReply =>
  reply.headers({ 'x-user-id': userId, 'x-user-role': role });

/**
 * Answers for a token that was verified before ahead of Nest's pipeline, which costs more than the check: a gateway asks
 * for every request of every service. Whoever is signed in may ask, as the controller's rule says; all that is not a
 * remembered token, refusals included, is left to the controller.
 */
export function answerRememberedTokens(server: FastifyInstance, tokens: AccessTokens): void {
  const answer: onRequestHookHandler = (request, reply, done) => {
    const caller = recall(tokens, request.headers.authorization);
    if (!caller) return done();
    request.principal = caller;
    nameCaller(caller, reply).code(204).send();
  };
  server.addHook('onRoute', (route) => {
    if (route.url === forwardAuthPath) route.onRequest = answer;
  });
}

function recall(tokens: AccessTokens, authorization: string | undefined): Principal | undefined {
  try {
    return tokens.recall(bearerToken(authorization));
  } catch {
    return undefined;
  }
}
